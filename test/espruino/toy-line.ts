// The other end of the Linux board's unix socket (firmware/native/air_linux.h): the air between a toy in the real interpreter and a bridge in
// Node, and the hand that presses the paw.
import { createServer, type Server, type Socket } from 'node:net';
import { type Channel, type Radio, RadioError } from '#bridge/radio.ts';
import { findNearby } from '#protocol/ble/advertisement.ts';
import { createFrameReader, frameOf } from './line-frames.ts';

// Kinds of frames: to the toy, and from it.
const CONNECT = 1;
const WRITE = 2;
const DISCONNECT = 3;
const INPUT = 4;
const MARK = 6;
const ADVERTISE = 17;
const NOTIFY = 18;
const DROP = 19;
const OUTPUT = 20;

const MTU = 247;
const SIGHTING_MS = 20;

export interface ToyLine {
  /** What PAWPOST_RADIO must name. */
  readonly path: string;
  readonly radio: Radio;
  /** Sets an input pin of the toy. */
  setPin(pin: number, isHigh: boolean): void;
  /** Level of an output pin, 0-65535; undefined if the toy never set it. */
  output(pin: number): number | undefined;
  /** A toy is there, and free. */
  isAdvertising(): boolean;
  /** Resolves when no toy is there any more. */
  silent(): Promise<void>;
  /** Ends a stretch of measurement (firmware/native/meter_linux.h). */
  mark(name: string): void;
  /** Called at each change of an output pin. */
  onOutput(listener: (pin: number, level: number) => void): void;
  /** While true, nothing that the toy sends is read: congestion. */
  setDeaf(isDeaf: boolean): void;
  close(): Promise<void>;
}

interface Link {
  channel: Channel;
  value(bytes: Uint8Array): void;
  end(): void;
}

/** Listens at `path` for one toy at a time. */
export async function openToyLine(path: string): Promise<ToyLine> {
  let socket: Socket | null = null;
  let advertisement: Uint8Array | null = null;
  let link: Link | null = null;
  const outputs = new Map<number, number>();
  let listener: (pin: number, level: number) => void = () => {};

  function endLink(): void {
    const ended = link;
    link = null;
    ended?.end();
  }

  function take(kind: number, body: Uint8Array): void {
    if (kind === ADVERTISE) advertisement = body;
    if (kind === NOTIFY) link?.value(body);
    if (kind === DROP) endLink();
    if (kind === OUTPUT) {
      const level = body[1]! | (body[2]! << 8);
      outputs.set(body[0]!, level);
      listener(body[0]!, level);
    }
  }

  const server: Server = createServer((connected) => {
    socket = connected;
    advertisement = null;
    endLink();
    connected.on('data', createFrameReader(take));
    connected.on('error', () => connected.destroy());
    connected.on('close', () => {
      // The last of a toy that is already here again.
      if (socket !== connected) return;
      socket = null;
      advertisement = null;
      endLink();
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));

  function write(kind: number, body: Uint8Array): void {
    socket?.write(frameOf(kind, body));
  }

  function openLink(): Link {
    let isOpen = true;
    let early: Uint8Array[] = [];
    let onValue: ((value: Uint8Array) => void) | null = null;
    let onClose: (() => void) | null = null;
    return {
      channel: {
        mtu: MTU,
        async send(value) {
          if (!isOpen) throw new RadioError('closed', 'The toy is gone; connect again.');
          write(WRITE, value);
        },
        onValue(next) {
          onValue = next;
          for (const value of early) next(value);
          early = [];
        },
        onClose(next) {
          if (isOpen) onClose = next;
          else next();
        },
        async close() {
          if (!isOpen) return;
          write(DISCONNECT, new Uint8Array(0));
          endLink();
        },
      },
      value(bytes) {
        if (onValue === null) early.push(bytes);
        else onValue(bytes);
      },
      end() {
        isOpen = false;
        onClose?.();
      },
    };
  }

  const radio: Radio = {
    scan: (seen, signal) =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          if (advertisement !== null && link === null)
            seen({ address: 'espruino', nearby: findNearby(advertisement) });
        }, SIGHTING_MS);
        const stop = () => {
          clearInterval(timer);
          resolve();
        };
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }),
    connect: async () => {
      if (socket === null || link !== null) throw new RadioError('out-of-range', 'Is the toy running?');
      link = openLink();
      write(CONNECT, Uint8Array.of(MTU & 255, MTU >> 8));
      return link.channel;
    },
    close: async () => endLink(),
  };

  return {
    path,
    radio,
    setPin: (pin, isHigh) => write(INPUT, Uint8Array.of(pin, isHigh ? 1 : 0)),
    output: (pin) => outputs.get(pin),
    isAdvertising: () => advertisement !== null && link === null,
    silent: async () => {
      while (socket !== null) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    mark: (name) => write(MARK, Buffer.from(name)),
    onOutput: (next) => {
      listener = next;
    },
    setDeaf: (isDeaf) => {
      if (isDeaf) socket?.pause();
      else socket?.resume();
    },
    close: async () => {
      socket?.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
