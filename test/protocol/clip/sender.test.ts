// The sending half alone, record by record.
import { beforeEach, describe, expect, it } from 'vitest';
import { OP_DATA, OP_END, OP_OFFER } from '#protocol/ble/records.ts';
import { u16 } from '#protocol/bytes.ts';
import { AGE_UNKNOWN, decodeEnd, decodeOffer, encodeAck, encodePull } from '#protocol/clip/records.ts';
import {
  createSender,
  dropClip,
  endClip,
  growClip,
  type OutgoingClip,
  resumeSender,
  type Sender,
  senderHasRecord,
  startClip,
  takeAck,
  takePull,
  writeFromSender,
} from '#protocol/clip/sender.ts';

const end = { bytes: 3 * 992, packets: 24, durationMs: 1440, hash: new Uint8Array(32).fill(5) };
const whole = (): OutgoingClip => ({
  id: new Uint8Array(16).fill(3),
  meta: new Uint8Array(32).fill(4),
  chunks: 3,
  end: end,
  beganMs: 1000,
});

let sender: Sender;
let acknowledged: number[];
const out = new Uint8Array(1100);

beforeEach(() => {
  acknowledged = [];
  sender = createSender(
    {
      readChunk: (index, buffer, offset) => buffer.fill(index + 1, offset, offset + 1008),
      acknowledged: (code) => acknowledged.push(code),
    },
    1008,
  );
});

const next = (nowMs: number): Uint8Array | null => {
  const has = senderHasRecord(sender, nowMs);
  const length = writeFromSender(sender, nowMs, out, 0);
  expect(has).toBe(length > 0);
  return length === 0 ? null : new Uint8Array(out.subarray(0, length));
};

/** Ops and chunk numbers of all that is due. */
const all = (nowMs: number): string => {
  const said: string[] = [];
  for (let record = next(nowMs); record !== null && said.length < 20; record = next(nowMs)) {
    if (record[0] === OP_DATA) {
      expect(record[4]).toBe(u16(record, 2) + 1);
      expect(record.length).toBe(1012);
      said.push(`data ${u16(record, 2)}`);
    } else said.push(record[0] === OP_OFFER ? 'offer' : record[0] === OP_END ? 'end' : 'what?');
  }
  return said.join(', ');
};

const pull = (
  nowMs: number,
  chunk: number,
  credits: number,
  isRewind = false,
  handle = sender.handle,
): void => {
  encodePull({ handle, chunk, credits, isRewind }, out, 0);
  takePull(sender, out.subarray(0, 6), nowMs);
};

const ack = (code: number, id = 3): void => {
  encodeAck({ handle: 77, id: new Uint8Array(16).fill(id), code }, out, 0);
  takeAck(sender, out.subarray(0, 19));
};

describe('a sender', () => {
  it('has nothing to say without a clip', () => {
    pull(0, 0, 5);
    ack(0);
    expect(all(0)).toBe('');
  });

  it('offers at once, then every 2 s until it hears something', () => {
    startClip(sender, whole(), 3500);
    const record = next(3500)!;
    const offer = decodeOffer(record, 32);
    expect(offer).toMatchObject({ chunks: 3, bytes: 2976, durationMs: 1440, ageS: 2 });
    expect(all(5499)).toBe('');
    expect(all(5500)).toBe('offer');
    pull(6000, 0, 0, true);
    expect(all(7999)).toBe('');
    expect(all(8000)).toBe('offer');
  });

  it('says that an age or an end is not known', () => {
    startClip(sender, { ...whole(), end: null, beganMs: -1 }, 0);
    expect(decodeOffer(next(0)!, 32)).toMatchObject({
      chunks: 0,
      bytes: 0,
      durationMs: 0,
      ageS: AGE_UNKNOWN,
    });
  });

  it('sends what was pulled, then END of its own', () => {
    startClip(sender, whole(), 0);
    expect(all(0)).toBe('offer');
    pull(0, 0, 2, true);
    expect(all(0)).toBe('data 0, data 1');
    pull(0, 1, 8);
    expect(all(0)).toBe('data 2, end');
    expect(all(100)).toBe('');
  });

  it('goes back for a rewind, and only for a rewind', () => {
    startClip(sender, whole(), 0);
    all(0);
    pull(0, 0, 9, true);
    expect(all(0)).toBe('data 0, data 1, data 2, end');
    pull(0, 1, 9);
    expect(all(0)).toBe('');
    pull(0, 1, 1, true);
    expect(all(0)).toBe('data 1');
    pull(0, 2, 1);
    expect(all(0)).toBe('data 2, end');
  });

  it('answers a PULL behind the last chunk by END, as often as asked', () => {
    startClip(sender, whole(), 0);
    all(0);
    for (const isRewind of [true, true, false]) {
      pull(0, 3, 5, isRewind);
      expect(all(0)).toBe('end');
    }
    pull(0, 3, 0, true);
    expect(decodeEnd(next(0)!)).toMatchObject({ chunks: 3, bytes: 2976, packets: 24, durationMs: 1440 });
  });

  it('ignores another handle and a chunk that does not exist', () => {
    startClip(sender, whole(), 0);
    all(0);
    pull(0, 0, 9, true, sender.handle + 1);
    pull(0, 4, 9, true);
    pull(0, 65535, 255, true);
    expect(all(0)).toBe('');
  });

  it('waits for chunks that are still being recorded', () => {
    startClip(sender, { ...whole(), chunks: 0, end: null }, 0);
    all(0);
    pull(0, 0, 9, true);
    expect(all(0)).toBe('');
    growClip(sender, 2);
    expect(all(0)).toBe('data 0, data 1');
    endClip(sender, end);
    expect(all(0)).toBe('end');
  });

  it('does not end a recording that nobody has pulled', () => {
    startClip(sender, { ...whole(), chunks: 0, end: null }, 0);
    all(0);
    endClip(sender, end);
    expect(all(10)).toBe('');
    expect(all(2000)).toBe('offer');
  });

  it('offers again when an END was heard by nobody', () => {
    startClip(sender, whole(), 0);
    all(0);
    pull(0, 0, 9, true);
    all(0);
    expect(all(2000)).toBe('offer');
  });

  it('forgets the clip after an ACK that names it, and tells once', () => {
    startClip(sender, whole(), 0);
    ack(0, 9);
    expect(acknowledged).toEqual([]);
    ack(1);
    ack(1);
    expect(acknowledged).toEqual([1]);
    expect(sender.clip).toBeNull();
    expect(all(9999)).toBe('');
  });

  it('begins again on another connection, under another handle', () => {
    startClip(sender, whole(), 0);
    all(0);
    pull(0, 0, 9, true);
    all(0);
    const before = sender.handle;
    resumeSender(sender, 100);
    expect(all(100)).toBe('offer');
    pull(100, 2, 9, true, before);
    expect(all(100)).toBe('');
    pull(100, 2, 9, true);
    expect(all(100)).toBe('data 2, end');
    dropClip(sender);
    expect(all(9999)).toBe('');
  });
});
