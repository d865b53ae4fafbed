// Opus packets by structure: RFC 6716 section 3 rule by rule, and libopus as the judge of random ones.
import { Decoder } from '@evan/opus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePacket, parseVoicePacket } from '#protocol/audio/packet.ts';

const SILK_WB_20 = 9 << 3;
const SILK_WB_60 = 11 << 3;
const CELT_FB_20 = 31 << 3;

/** A packet of these bytes and then `rest` more. */
function packet(bytes: number[], rest = 0): Uint8Array {
  return new Uint8Array([...bytes, ...new Array<number>(rest).fill(7)]);
}

describe('RFC 6716 section 3.4', () => {
  it('R1: a packet has at least one byte', () => {
    expect(() => parsePacket(new Uint8Array(0))).toThrow('audio-packet');
    expect(parsePacket(packet([SILK_WB_60]))).toEqual({
      config: 11,
      stereo: false,
      frameBytes: [0],
      samples: 2880,
    });
  });

  it('R2: no frame is larger than 1275 bytes', () => {
    expect(parsePacket(packet([CELT_FB_20], 1275)).frameBytes).toEqual([1275]);
    expect(() => parsePacket(packet([CELT_FB_20], 1276))).toThrow('audio-packet');
    expect(() => parsePacket(packet([CELT_FB_20 | 1], 2552))).toThrow('audio-packet');
  });

  it('R3: two equal frames need an even rest', () => {
    expect(parsePacket(packet([SILK_WB_20 | 1], 8)).frameBytes).toEqual([4, 4]);
    expect(() => parsePacket(packet([SILK_WB_20 | 1], 7))).toThrow('audio-packet');
  });

  it('R4: the first of two frames fits', () => {
    expect(parsePacket(packet([SILK_WB_20 | 2, 3], 5)).frameBytes).toEqual([3, 2]);
    expect(parsePacket(packet([SILK_WB_20 | 2, 252, 1], 300)).frameBytes).toEqual([256, 44]);
    expect(() => parsePacket(packet([SILK_WB_20 | 2]))).toThrow('audio-packet');
    expect(() => parsePacket(packet([SILK_WB_20 | 2, 6], 5))).toThrow('audio-packet');
    expect(() => parsePacket(packet([SILK_WB_20 | 2, 252]))).toThrow('audio-packet');
  });

  it('R5: one frame to 120 ms', () => {
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 0]))).toThrow('audio-packet');
    expect(parsePacket(packet([SILK_WB_20 | 3, 6], 12)).samples).toBe(5760);
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 7], 14))).toThrow('audio-packet');
    expect(() => parsePacket(packet([SILK_WB_60 | 3, 3], 3))).toThrow('audio-packet');
  });

  it('R6: frames of one size, after the padding', () => {
    expect(parsePacket(packet([SILK_WB_20 | 3, 3], 9)).frameBytes).toEqual([3, 3, 3]);
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 3], 10))).toThrow('audio-packet');
    expect(() => parsePacket(packet([SILK_WB_20 | 3]))).toThrow('audio-packet');
    expect(parsePacket(packet([SILK_WB_20 | 3, 0x40 | 2, 4], 10)).frameBytes).toEqual([3, 3]);
    expect(parsePacket(packet([SILK_WB_20 | 3, 0x40 | 2, 255, 1], 261)).frameBytes).toEqual([3, 3]);
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 0x40 | 2, 11], 10))).toThrow('audio-packet');
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 0x40 | 2, 255]))).toThrow('audio-packet');
  });

  it('R7: frames of their own sizes, the last what remains', () => {
    expect(parsePacket(packet([SILK_WB_20 | 3, 0x80 | 3, 1, 2], 7)).frameBytes).toEqual([1, 2, 4]);
    expect(parsePacket(packet([SILK_WB_20 | 3, 0xc0 | 2, 2, 3], 8)).frameBytes).toEqual([3, 3]);
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 0x80 | 3, 1]))).toThrow('audio-packet');
    expect(() => parsePacket(packet([SILK_WB_20 | 3, 0x80 | 3, 4, 4], 7))).toThrow('audio-packet');
  });

  it('knows the frame size of each of the 32 configurations', () => {
    const ms = Array.from({ length: 32 }, (_, config) => parsePacket(packet([config << 3], 2)).samples / 48);
    expect(ms).toEqual([
      ...[10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60],
      ...[10, 20, 10, 20],
      ...[2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20],
    ]);
  });

  it('agrees with libopus on what is a packet', () => {
    const decoder = new Decoder({ channels: 1, sample_rate: 16_000 });
    const bytes = fc
      .tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 80 }), fc.nat(1300))
      .map(([toc, count, rest, filling]) => packet([toc, count, ...rest], filling > 1200 ? filling : 0));
    const verdicts = { genuine: 0, broken: 0 };
    fc.assert(
      fc.property(bytes, (candidate) => {
        const ours = outcome(() => parsePacket(candidate));
        verdicts[ours === '' ? 'genuine' : 'broken']++;
        expect(['', 'audio-packet']).toContain(ours);
        expect(ours === '').toBe(outcome(() => decoder.decode(candidate)) === '');
      }),
      { numRuns: 4000 },
    );
    expect(Math.min(verdicts.genuine, verdicts.broken)).toBeGreaterThan(400);
  });
});

describe('parseVoicePacket', () => {
  it('takes SILK of 20 and 60 ms frames, in all three bands, and nothing else', () => {
    const allowed = Array.from({ length: 32 }, (_, config) => config).filter(
      (config) => outcome(() => parseVoicePacket(packet([config << 3], 100))) === '',
    );
    expect(allowed).toEqual([1, 3, 5, 7, 9, 11]);
    expect(outcome(() => parseVoicePacket(packet([CELT_FB_20], 100)))).toBe('audio-mode');
  });

  it('refuses two channels, more than 60 ms and more than 250 bytes', () => {
    expect(outcome(() => parseVoicePacket(packet([SILK_WB_60 | 4], 100)))).toBe('audio-stereo');
    expect(outcome(() => parseVoicePacket(packet([SILK_WB_20 | 3, 3], 9)))).toBe('');
    expect(outcome(() => parseVoicePacket(packet([SILK_WB_20 | 3, 4], 12)))).toBe('audio-long');
    expect(outcome(() => parseVoicePacket(packet([SILK_WB_60], 249)))).toBe('');
    expect(outcome(() => parseVoicePacket(packet([SILK_WB_60], 250)))).toBe('audio-long');
  });
});

/** '' or the message of what was thrown. */
function outcome(action: () => unknown): string {
  try {
    action();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
