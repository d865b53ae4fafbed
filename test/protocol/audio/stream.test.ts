// The packet stream: one encoding for each row of packets, hostile bytes answered by faults alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendPacket,
  joinPackets,
  MAX_CLIP_MS,
  MAX_STREAM_BYTES,
  splitPackets,
  validateStream,
  withoutFilling,
} from '#protocol/audio/stream.ts';

const FAULTS = ['audio-stream', 'audio-packet', 'audio-mode', 'audio-stereo', 'audio-long'];
const anyPackets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 });

/** A voice packet of 60 ms (SILK wide band) with `length` bytes. */
function voice(length: number): Uint8Array {
  const packet = new Uint8Array(length).fill(1);
  packet[0] = 11 << 3;
  return packet;
}

describe('packet stream', () => {
  it('gives back the packets it was made of, with or without filling', () => {
    fc.assert(
      fc.property(anyPackets, fc.nat(40), (packets, filling) => {
        const stream = joinPackets(packets);
        const filled = new Uint8Array(stream.length + filling);
        filled.set(stream);
        expect(splitPackets(stream)).toEqual(packets);
        expect(splitPackets(filled)).toEqual(packets);
        expect(withoutFilling(filled)).toEqual(stream);
      }),
    );
  });

  it('has one encoding: what splits joins to the same bytes, or is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let packets: Uint8Array[];
        try {
          packets = splitPackets(bytes);
        } catch (error) {
          expect((error as Error).message).toBe('audio-stream');
          return;
        }
        expect(joinPackets(packets)).toEqual(withoutFilling(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes lengths as section 10 says', () => {
    expect([...joinPackets([voice(127)])].slice(0, 2)).toEqual([127, 11 << 3]);
    expect([...joinPackets([voice(128)])].slice(0, 3)).toEqual([0x80, 1, 11 << 3]);
    expect([...joinPackets([voice(250)])].slice(0, 3)).toEqual([0xfa, 1, 11 << 3]);
  });

  it.each([
    ['a packet cut short', [3, 1, 2]],
    ['a length cut short', [0x80]],
    ['a length longer than it need be', [0x85, 0, 1, 2, 3, 4, 5]],
    ['a zero of two bytes', [0x80, 0]],
    ['a length of three bytes', [0x80, 0x80, 1]],
    ['filling that is not zeros', [1, 88, 0, 0, 9]],
  ])('refuses %s', (_, bytes) => {
    expect(() => splitPackets(new Uint8Array(bytes))).toThrow('audio-stream');
  });

  it('refuses to write what it could not read', () => {
    const out = new Uint8Array(10);
    expect(appendPacket(out, 2, voice(7))).toBe(10);
    expect(() => appendPacket(out, 3, voice(7))).toThrow('audio-stream');
    expect(() => appendPacket(out, 0, new Uint8Array(0))).toThrow('audio-packet');
    expect(() => joinPackets([new Uint8Array(16_384)])).toThrow('audio-packet');
  });
});

describe('validateStream', () => {
  it('counts a clip of 60 s and its flushing frame, and refuses one packet more', () => {
    const packets = new Array<Uint8Array>(1001).fill(voice(118));
    const stream = joinPackets(packets);
    expect(validateStream(stream)).toEqual({ packets: 1001, bytes: 1001 * 119, durationMs: MAX_CLIP_MS });
    expect(() => validateStream(joinPackets([...packets, voice(118)]))).toThrow('audio-long');
  });

  it('refuses more bytes than 124 chunks hold, and an empty clip', () => {
    const stream = joinPackets(new Array<Uint8Array>(600).fill(voice(250)));
    expect(stream.length).toBeGreaterThan(MAX_STREAM_BYTES);
    expect(() => validateStream(stream)).toThrow('audio-long');
    expect(() => validateStream(new Uint8Array(0))).toThrow('audio-stream');
    expect(() => validateStream(new Uint8Array(992))).toThrow('audio-stream');
  });

  it('never throws anything but a fault', () => {
    const hostile = fc.oneof(fc.uint8Array({ maxLength: 600 }), anyPackets.map(joinPackets));
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          expect(validateStream(bytes).packets).toBeGreaterThan(0);
        } catch (error) {
          expect(FAULTS).toContain((error as Error).message);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
