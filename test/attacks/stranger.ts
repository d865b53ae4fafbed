// Somebody in the street with a Bluetooth radio and no key: every frame and every opcode of the protocol, well-formed and not.
import { HEAD_FIRST, HEAD_LAST, MIN_VALUE_BYTES, SEQUENCE_MASK } from '#protocol/ble/fragment.ts';
import {
  FRAME_CREDIT,
  FRAME_HANDSHAKE_1,
  FRAME_HANDSHAKE_2,
  FRAME_HANDSHAKE_3,
  FRAME_HELLO,
  FRAME_RECORD,
  HELLO_BYTES,
  MAX_FRAME_BYTES,
} from '#protocol/ble/frame.ts';
import { createJoiner, join } from '#protocol/ble/joiner.ts';
import { createSplitter } from '#protocol/ble/splitter.ts';
import { RECORD_PLAIN_BYTES, sealRecord } from '#protocol/link/records.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { draw } from '#test/support/seeded.ts';

type Random = (out: Uint8Array) => void;

/** Cuts a frame into values, from fragment number `sequence` on; as small as any toy takes them unless told. */
export function valuesOf(frame: Uint8Array, sequence: number, limitBytes = MIN_VALUE_BYTES): Uint8Array[] {
  const values: Uint8Array[] = [];
  for (let at = 0; at < frame.length; at += limitBytes - 1) {
    const piece = frame.subarray(at, at + limitBytes - 1);
    let head = (sequence + values.length) & SEQUENCE_MASK;
    if (at === 0) head |= HEAD_FIRST;
    if (at + piece.length === frame.length) head |= HEAD_LAST;
    values.push(Uint8Array.of(head, ...piece));
  }
  return values;
}

/** The frames that a toy's values make. */
export function framesOf(values: readonly Uint8Array[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const joiner = createJoiner(30, createSplitter(), (buffer, length) => frames.push(buffer.slice(0, length)));
  for (const value of values) {
    if (value.length === 2 && value[1] === FRAME_CREDIT) frames.push(value.subarray(1));
    join(joiner, value);
  }
  return frames;
}

/** True for what a toy says to anybody: its hello, and credits. */
export function isForAnybody(frame: Uint8Array): boolean {
  if (frame[0] === FRAME_HELLO) return frame.length === HELLO_BYTES;
  return frame[0] === FRAME_CREDIT && frame.length === 1;
}

const LENGTHS: Readonly<Record<number, number>> = {
  [FRAME_HELLO]: HELLO_BYTES,
  [FRAME_HANDSHAKE_1]: 61,
  [FRAME_HANDSHAKE_2]: 49,
  [FRAME_HANDSHAKE_3]: 65,
  [FRAME_RECORD]: 26,
};

/** Frames of one type: nothing in it, a random body of the right length, one that is too long. Well-formed calls of both patterns. */
export function framesOfType(type: number, random: Random): Uint8Array[] {
  const frame = (length: number) => Uint8Array.of(type, ...draw(random, length - 1));
  const frames = [Uint8Array.of(type), frame(2), frame(LENGTHS[type] ?? 21), frame(200)];
  if (type === FRAME_RECORD) frames.push(frame(MAX_FRAME_BYTES));
  if (type === FRAME_HANDSHAKE_1) {
    for (const pattern of [0, 1, 2, 255]) {
      const call = frame(61);
      // Pattern, mtu 247, window 30, a hint of zeros as in a pairing.
      call.set([pattern, 247, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0], 1);
      frames.push(call);
    }
  }
  return frames;
}

/** Bodies that each opcode has in the protocol, and one that none has. */
const BODY_BYTES = [0, 4, 5, 16, 32, 64, 295, 901];

/** Records with that opcode: in clear, sealed with a key of zeros, and sealed with one that the stranger made up. */
export function recordsOf(op: number, random: Random): Uint8Array[] {
  const records: Uint8Array[] = [];
  const bodyBytes = BODY_BYTES[op % BODY_BYTES.length]!;
  for (const key of [null, new Uint8Array(32), draw(random, 32)]) {
    const frame = new Uint8Array(1 + 4 + 1 + Math.min(bodyBytes, RECORD_PLAIN_BYTES - 1) + 16);
    frame[0] = FRAME_RECORD;
    frame[5] = op;
    frame.set(draw(random, bodyBytes), 6);
    if (key !== null) {
      const primitives = createPrimitives();
      primitives.load(11, key);
      const link = { primitives, isOpen: true, sending: op, receiving: 0, receivingEpoch: 0 };
      sealRecord(link, frame, 5, 1 + bodyBytes);
    }
    records.push(frame);
  }
  return records;
}
