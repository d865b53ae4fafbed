// Frames over a channel: the host's end of the fragment layer, with its queue, credits and recovery (protocol/README.md section 3).
import { CREDIT_TIMEOUT_MS, MAX_WINDOW } from '#protocol/ble/fragment.ts';
import { createJoiner, join, sendCredit } from '#protocol/ble/joiner.ts';
import { createSplitter, FRAME_AT, pump, setLimits, startFrame } from '#protocol/ble/splitter.ts';
import type { Channel } from './radio.ts';

/** Fragments a host takes before it must be asked. */
export const HOST_WINDOW: number = MAX_WINDOW;
/** Values handed to the radio and not yet taken by it: enough to keep it busy, few enough to notice when it is full. */
const IN_FLIGHT = 8;
/** Frames kept ready beside the one that is leaving. */
const AHEAD = 2;
/** ATT: opcode and handle before each value (Bluetooth Core, Vol 3, Part F, 3.4.5.3). */
const ATT_HEAD_BYTES = 3;

export interface Wire {
  /** Queues one frame; frames leave in this order. After the channel has closed it does nothing. */
  send(frame: Uint8Array): void;
  /** True if a frame given now would leave soon: what bulk data waits for. */
  hasRoom(): boolean;
  /** What the toy takes, from its hello. */
  setLimits(limitBytes: number, window: number): void;
  /** Set before anything else; `frame` is good until the listener returns. */
  onFrame(listener: (frame: Uint8Array) => void): void;
  onRoom(listener: () => void): void;
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

export function createWire(channel: Channel, nowMs: () => number): Wire {
  const splitter = createSplitter();
  const queue: Uint8Array[] = [];
  let inFlight = 0;
  let isClosed = false;
  let isWorking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frameListener: (frame: Uint8Array) => void = () => {};
  let roomListener: () => void = () => {};
  const closeListeners: (() => void)[] = [];

  const joiner = createJoiner(HOST_WINDOW, splitter, (buffer, length) =>
    frameListener(buffer.subarray(0, length)),
  );

  function sendValue(buffer: Uint8Array, offset: number, length: number): boolean {
    if (inFlight >= IN_FLIGHT || isClosed) return false;
    inFlight++;
    channel.send(buffer.slice(offset, offset + length)).then(
      () => {
        inFlight--;
        work();
      },
      () => void wire.close(),
    );
    return true;
  }

  function work(): void {
    if (isWorking || isClosed) return;
    isWorking = true;
    clearTimeout(timer);
    sendCredit(joiner, sendValue);
    while (pump(splitter, nowMs(), sendValue)) {
      // Asked for more before a frame begins, so that its end can share a value with the next one's start.
      if (queue.length < AHEAD) roomListener();
      const frame = queue.shift();
      if (frame !== undefined) {
        splitter.buffer.set(frame, FRAME_AT);
        startFrame(splitter, frame.length, queue.length > 0);
      } else if (splitter.held === 0) {
        isWorking = false;
        return;
      }
    }
    isWorking = false;
    // The window may be full of fragments that nobody will credit: look again when they count as lost.
    timer = setTimeout(work, CREDIT_TIMEOUT_MS + 1);
  }

  const wire: Wire = {
    send(frame) {
      if (isClosed) return;
      queue.push(frame);
      work();
    },
    hasRoom: () => !isClosed && queue.length < AHEAD,
    setLimits: (limitBytes, window) =>
      setLimits(splitter, Math.min(limitBytes, channel.mtu - ATT_HEAD_BYTES), window),
    onFrame(listener) {
      frameListener = listener;
      channel.onValue((value) => {
        join(joiner, value);
        work();
      });
    },
    onRoom(listener) {
      roomListener = listener;
    },
    onClose(listener) {
      if (isClosed) listener();
      else closeListeners.push(listener);
    },
    close: () => channel.close(),
  };
  channel.onClose(() => {
    isClosed = true;
    clearTimeout(timer);
    for (const listener of closeListeners) listener();
  });
  return wire;
}
