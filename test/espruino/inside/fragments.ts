// Frames through splitter and joiner, records through a link's rekeying: what is on the wire, as digests. The same function runs in Node
// and inside Espruino, and must say the same.
import type { Joiner } from '#protocol/ble/joiner.ts';
import { createJoiner, join, sendCredit } from '#protocol/ble/joiner.ts';
import type { Splitter } from '#protocol/ble/splitter.ts';
import { createSplitter, FRAME_AT, pump, setLimits, startFrame } from '#protocol/ble/splitter.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { SLOT_RECEIVING, SLOT_SENDING } from '#protocol/link/primitives.ts';
import type { Link } from '#protocol/link/records.ts';
import { openRecord, sealRecord } from '#protocol/link/records.ts';
import { counting, toHex } from '#test/contracts/bytes-hex.ts';

/** A small generator, for sizes and losses: the same numbers everywhere. */
export interface Dice {
  state: number;
}

export function roll(dice: Dice, sides: number): number {
  dice.state = (dice.state * 1103 + 12345) % 1048573;
  return dice.state % sides;
}

function digest(p: Primitives): string {
  const out = new Uint8Array(32);
  p.hashEnd(out);
  return toHex(out);
}

/** 40 frames of chance sizes over values of at most `limitBytes`; every 17th is lost on the way if `isLossy`. */
export function fragmentsDigest(p: Primitives, limitBytes: number, window: number, isLossy: boolean): string {
  const dice: Dice = { state: limitBytes + window };
  const splitter: Splitter = createSplitter();
  let values = 0;
  let frames = 0;
  let nowMs = 0;
  const joiner: Joiner = createJoiner(window, splitter, (buffer, length) => {
    frames++;
    p.hashUpdate(buffer, 0, length);
  });
  const credit = (buffer: Uint8Array, offset: number, length: number): boolean => {
    const value = new Uint8Array(length);
    value.set(buffer.subarray(offset, offset + length));
    join(backwards, value);
    return true;
  };
  const backwards: Joiner = createJoiner(window, splitter, () => undefined);
  const send = (buffer: Uint8Array, offset: number, length: number): boolean => {
    values++;
    if (isLossy && values % 17 === 0) return true;
    p.hashUpdate(buffer, offset, length);
    join(joiner, buffer.subarray(offset, offset + length));
    sendCredit(joiner, credit);
    return true;
  };
  setLimits(splitter, limitBytes, window);
  p.hashStart();
  for (let i = 0; i < 40; i++) {
    const length = 1 + roll(dice, 1045);
    splitter.buffer.fill(i + 1, FRAME_AT, FRAME_AT + length);
    startFrame(splitter, length, roll(dice, 2) === 1);
    while (!pump(splitter, nowMs, send)) nowMs += 500;
  }
  while (!pump(splitter, nowMs, send)) nowMs += 500;
  return `${values} values, ${frames} frames, ${digest(p)}`;
}

/** Records around the first REKEY, sealed and opened; then a forged one and a replayed one. */
export function recordsDigest(p: Primitives): string {
  const first = 65534;
  p.load(SLOT_SENDING, counting(3, 32));
  p.load(SLOT_RECEIVING, counting(3, 32));
  const out: Link = { primitives: p, isOpen: true, sending: first, receiving: 0, receivingEpoch: 0 };
  const back: Link = { primitives: p, isOpen: true, sending: 0, receiving: first, receivingEpoch: 0 };
  const buffer = new Uint8Array(1100);
  const kept = new Uint8Array(1100);
  const opened: number[] = [];
  p.hashStart();
  for (let i = 0; i < 4; i++) {
    const length = 1 + i * 341;
    buffer.fill(i, 4, 4 + length);
    const size = sealRecord(out, buffer, 4, length);
    p.hashUpdate(buffer, 0, size);
    kept.set(buffer, 0);
    kept[size - 1]! ^= 1;
    opened.push(openRecord(back, kept, 0, size));
    kept.set(buffer, 0);
    opened.push(openRecord(back, buffer, 0, size));
    p.hashUpdate(buffer, 4, length);
    opened.push(openRecord(back, kept, 0, size));
  }
  let text = '';
  for (let i = 0; i < opened.length; i++) text += `${opened[i]} `;
  return text + digest(p);
}
