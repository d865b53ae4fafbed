// HCI over a byte stream, framed as H4 (Core specification, volume 4, part A): how a host in another process reaches the air.
import net from 'node:net';
import { ACL_PACKET, COMMAND_PACKET, EVENT_PACKET } from './hci.ts';
import type { HciHost, HciPort } from './hci-port.ts';

/** Returns a function that takes pieces of the stream and hands over whole packets. Throws when the stream is not H4. */
export function createSplitter(whole: (packet: Buffer) => void): (piece: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (piece) => {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    for (;;) {
      const length = packetLength(pending);
      if (length === null || pending.length < length) return;
      const packet = Buffer.from(pending.subarray(0, length));
      pending = pending.subarray(length);
      whole(packet);
    }
  };
}

/** A port of the air that `createAirServer` serves at `path`. Rejects when nobody serves there. */
export async function connectHciPort(path: string): Promise<HciPort & { close(): void }> {
  const hosts = new Set<HciHost>();
  const socket = net.connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let isUp = true;
  socket.on(
    'data',
    createSplitter((packet) => {
      for (const host of [...hosts]) host.packet(packet);
    }),
  );
  // 'close' follows and says the same.
  socket.on('error', () => {});
  socket.on('close', () => {
    isUp = false;
    for (const host of [...hosts]) host.state(false);
  });
  return {
    get isUp() {
      return isUp;
    },
    write(packet) {
      if (isUp) socket.write(packet);
    },
    attach(host) {
      hosts.add(host);
      return () => {
        hosts.delete(host);
      };
    },
    close() {
      socket.destroy();
    },
  };
}

/** Null when the head is not complete yet. */
function packetLength(bytes: Buffer): number | null {
  if (bytes.length < 5) {
    // A command without parameters has 4 bytes, the shortest event 3.
    if (bytes[0] === COMMAND_PACKET && bytes.length === 4) return 4 + bytes[3]!;
    if (bytes[0] === EVENT_PACKET && bytes.length >= 3) return 3 + bytes[2]!;
    return null;
  }
  switch (bytes[0]) {
    case COMMAND_PACKET:
      return 4 + bytes[3]!;
    case ACL_PACKET:
      return 5 + bytes.readUInt16LE(3);
    case EVENT_PACKET:
      return 3 + bytes[2]!;
    default:
      throw new Error('the stream is not H4');
  }
}
