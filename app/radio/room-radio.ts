// The pretend radio of `npm start`: the simulated toy's air, reached over a websocket.
import { bytesOfHex } from '#bridge/bytes.ts';
import { type Channel, RadioError, type Sighting } from '#bridge/radio.ts';
import type { PhoneRadio } from './phone-radio.ts';
import {
  decodeRoomEvent,
  decodeRoomValue,
  encodeRoomValue,
  LINKS_MAX,
  type RoomEvent,
  type RoomRequest,
} from './room-wire.ts';
import { createValueQueue } from './value-queue.ts';

const ATT_HEAD_BYTES = 3;
const GONE_ADVICE = 'The toy is gone; bring it nearer and try again.';
const NO_ROOM_ADVICE = 'Is "npm start" still running?';
const CODES: readonly RadioError['code'][] = [
  'no-adapter',
  'no-permission',
  'out-of-range',
  'no-service',
  'closed',
];

/** A connection that is being made, or is up. */
interface Link {
  tell(event: RoomEvent): void;
  value(bytes: Uint8Array): void;
}

/** `open` opens a websocket to the room. */
export function createRoomRadio(open: () => WebSocket): PhoneRadio {
  const scanners = new Set<(sighting: Sighting) => void>();
  const links = new Map<number, Link>();
  const closing = new AbortController();
  let socket: Promise<WebSocket> | null = null;

  function reach(): Promise<WebSocket> {
    if (closing.signal.aborted) throw new RadioError('closed', 'This radio has been closed.');
    socket ??= enter();
    return socket;
  }

  function enter(): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      const room = open();
      room.binaryType = 'arraybuffer';
      room.addEventListener('open', () => resolve(room));
      room.addEventListener('message', ({ data }) => hear(data));
      room.addEventListener('close', () => {
        socket = null;
        reject(new RadioError('no-adapter', NO_ROOM_ADVICE));
        for (const [link, { tell }] of [...links]) tell({ op: 'closed', link });
      });
    });
  }

  function hear(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const frame = decodeRoomValue(new Uint8Array(data));
      if (frame !== null) links.get(frame.link)?.value(frame.value);
      return;
    }
    const event = typeof data === 'string' ? decodeRoomEvent(data) : null;
    if (event === null) return;
    if (event.op !== 'sighting') {
      links.get(event.link)?.tell(event);
      return;
    }
    const { address } = event;
    const nearby = { nonce: bytesOfHex(event.nonce), mac: bytesOfHex(event.mac) };
    for (const seen of [...scanners]) seen({ address, nearby });
  }

  async function scan(seen: (sighting: Sighting) => void, signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, closing.signal]);
    if (ended.aborted) return;
    const room = await reach();
    let forget = () => {};
    scanners.add(seen);
    try {
      await new Promise<void>((resolve, reject) => {
        const lost = () => reject(new RadioError('no-adapter', NO_ROOM_ADVICE));
        // Either may have come while the room was being entered.
        if (ended.aborted) resolve();
        else if (room.readyState !== room.OPEN) lost();
        ended.addEventListener('abort', () => resolve(), { once: true });
        room.addEventListener('close', lost);
        forget = () => room.removeEventListener('close', lost);
        ask(room, { op: 'scan' });
      });
    } finally {
      forget();
      scanners.delete(seen);
      if (scanners.size === 0) ask(room, { op: 'stop' });
    }
  }

  async function connect(address: string, signal: AbortSignal): Promise<Channel> {
    const room = await reach();
    const link = Array.from({ length: LINKS_MAX }, (_, i) => i).find((i) => !links.has(i));
    if (link === undefined) throw new RadioError('no-adapter', 'Too many connections.');
    const values = createValueQueue();
    const closeListeners: (() => void)[] = [];
    const hangUp = () => ask(room, { op: 'close', link });
    const ended = AbortSignal.any([signal, closing.signal]);
    closing.signal.addEventListener('abort', hangUp, { once: true });
    let isOpen = true;
    const mtu = await new Promise<number>((resolve, reject) => {
      const callOff = () => {
        hangUp();
        reject(new RadioError('closed', 'The search was ended; try again.'));
      };
      links.set(link, {
        value: values.push,
        tell(event) {
          ended.removeEventListener('abort', callOff);
          if (event.op === 'connected') {
            // It came up after it was called off: the room could not end what was not there yet.
            if (ended.aborted) hangUp();
            return resolve(event.mtu);
          }
          isOpen = false;
          links.delete(link);
          closing.signal.removeEventListener('abort', hangUp);
          const code = event.op === 'refused' ? CODES.find((each) => each === event.code) : 'closed';
          reject(new RadioError(code ?? 'out-of-range', GONE_ADVICE));
          for (const listener of closeListeners) listener();
        },
      });
      ask(room, { op: 'connect', link, address });
      ended.addEventListener('abort', callOff, { once: true });
      if (ended.aborted) callOff();
    });
    return {
      mtu,
      async send(value) {
        if (value.length > mtu - ATT_HEAD_BYTES) {
          throw new RangeError(`a value has at most ${mtu - ATT_HEAD_BYTES} bytes`);
        }
        if (!isOpen) throw new RadioError('closed', GONE_ADVICE);
        room.send(encodeRoomValue(link, value));
      },
      onValue: values.onValue,
      onClose(listener) {
        if (isOpen) closeListeners.push(listener);
        else listener();
      },
      close: () =>
        new Promise((resolve) => {
          if (!isOpen) return resolve();
          closeListeners.push(resolve);
          hangUp();
        }),
    };
  }

  return {
    choose: async () => true,
    knowsToys: true,
    scan,
    connect,
    async close() {
      closing.abort();
      const room = await socket?.catch(() => null);
      room?.close();
    },
  };
}

function ask(room: WebSocket, request: RoomRequest): void {
  if (room.readyState === room.OPEN) room.send(JSON.stringify(request));
}
