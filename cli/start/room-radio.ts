// The room's radio for the app's page, whose browser's Bluetooth reaches no air but its own: one websocket is one phone in the room.
import type { WebSocket } from 'ws';
import { decodeRoomRequest, decodeRoomValue, encodeRoomValue, type RoomEvent } from '#app/radio/room-wire.ts';
import { type Channel, type Radio, RadioError, type Sighting } from '#bridge/radio.ts';
import type { Room } from '../room.ts';

export interface RoomRadios {
  /** A phone has come in, with an open websocket. */
  welcome(socket: WebSocket): void;
  /** False: every phone is carried away from the toy. */
  setNear(isNear: boolean): void;
  readonly isNear: boolean;
  close(): Promise<void>;
}

/** Phones in `room`. */
export function createRoomRadios(room: Pick<Room, 'addRadio'>): RoomRadios {
  const phones = new Set<Phone>();
  let isNear = true;
  return {
    welcome(socket) {
      const phone = createPhone(socket, room.addRadio(), () => isNear);
      phones.add(phone);
      socket.on('close', () => {
        phones.delete(phone);
        // Nobody waits for it: what fails now has gone already.
        phone.leave().catch(() => {});
      });
    },
    setNear(isSo) {
      isNear = isSo;
      if (!isNear) for (const phone of phones) phone.lose();
    },
    get isNear() {
      return isNear;
    },
    async close() {
      await Promise.allSettled([...phones].map((phone) => phone.leave()));
    },
  };
}

interface Phone {
  /** Its links break. */
  lose(): void;
  leave(): Promise<void>;
}

function createPhone(socket: WebSocket, radio: Radio, isNear: () => boolean): Phone {
  const links = new Map<number, Channel | 'connecting'>();
  const leaving = new AbortController();
  let scanning: AbortController | null = null;

  const tell = (event: RoomEvent) => socket.send(JSON.stringify(event));

  function scan(): void {
    scanning?.abort();
    scanning = new AbortController();
    const sighted = ({ address, nearby }: Sighting) => {
      if (!isNear() || nearby === null) return;
      tell({ op: 'sighting', address, nonce: hex(nearby.nonce), mac: hex(nearby.mac) });
    };
    radio.scan(sighted, AbortSignal.any([scanning.signal, leaving.signal])).catch(() => socket.close());
  }

  async function connect(link: number, address: string): Promise<void> {
    if (links.has(link)) return socket.close();
    links.set(link, 'connecting');
    try {
      if (!isNear()) throw new RadioError('out-of-range', '');
      const channel = await radio.connect(address, leaving.signal);
      links.set(link, channel);
      tell({ op: 'connected', link, mtu: channel.mtu });
      channel.onValue((value) => socket.send(encodeRoomValue(link, value)));
      channel.onClose(() => {
        links.delete(link);
        tell({ op: 'closed', link });
      });
    } catch (error) {
      links.delete(link);
      tell({ op: 'refused', link, code: error instanceof RadioError ? error.code : 'closed' });
    }
  }

  function hang(link: number): void {
    const channel = links.get(link);
    // Closing tells of itself; what is still being made is closed when it is there, by whoever asked.
    if (channel !== undefined && channel !== 'connecting') void channel.close().catch(() => {});
  }

  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    if (isBinary) {
      const frame = decodeRoomValue(bytes);
      const channel = frame === null ? undefined : links.get(frame.link);
      // A value for a link that has just gone is lost, as in the air; one too long is a mistake of the page.
      if (channel !== undefined && channel !== 'connecting') channel.send(frame!.value).catch(() => {});
      return;
    }
    const request = decodeRoomRequest(bytes.toString('utf8'));
    if (request === null) return socket.close(1008);
    if (request.op === 'scan') scan();
    else if (request.op === 'stop') scanning?.abort();
    else if (request.op === 'connect') void connect(request.link, request.address);
    else hang(request.link);
  });

  return {
    lose: () => {
      for (const link of links.keys()) hang(link);
    },
    async leave() {
      leaving.abort();
      socket.terminate();
      await radio.close();
    },
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
