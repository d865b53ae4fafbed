// The sounds that are built in: short, safe, without clicks, and no two alike, though a small speaker in a plush plays them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scoreHeader } from '#firmware/sounds/header.ts';
import { glide, type Note } from '#firmware/sounds/note.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { rowOf, singSound, tableOf } from '#firmware/sounds/table.ts';
import * as voice from '#firmware/voice.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import { bandsOf, distance } from './distance.ts';

const sung = SCORE.map((_, number) => singSound(number, 100));
const bands = sung.map(bandsOf);
const sounds = SCORE.map(({ name }, number) => [name, number] as const);

it('has the animals in the order in which the parent is shown them', () => {
  expect(SCORE.slice(0, 16).map(({ name }) => name)).toEqual([...ANIMALS]);
});

it('gives the toy’s numbers their sounds', () => {
  const numbers = Object.entries(voice).filter(([name]) => name.startsWith('SOUND_'));
  expect(Object.fromEntries(numbers.map(([name, number]) => [name, SCORE[number as number]?.name]))).toEqual({
    SOUND_PAIRED: 'paired',
    SOUND_NO: 'no',
    SOUND_NEW_FAMILY: 'new family',
    SOUND_PAIRING: 'pairing is open',
    SOUND_SENT: 'sent',
    SOUND_FULL: 'full',
    SOUND_BATTERY_LOW: 'battery is low',
    SOUND_FORGETTING: 'about to forget',
    SOUND_NOBODYS: 'nobody’s toy',
    SOUND_NEW_PROGRAM: 'new program',
  });
  expect(SCORE.length).toBe(16 + numbers.length);
});

it('is what the C table says', () => {
  expect(readFileSync('firmware/native/score.h', 'utf8')).toBe(scoreHeader());
});

describe.each(sounds)('%s', (_, number) => {
  const samples = sung[number]!;

  it('is short enough for its turn', () => {
    const ms = samples.length / 16;
    expect(ms).toBeGreaterThanOrEqual(300);
    // An animal is over before the next one begins (firmware/voice.ts); nothing takes two seconds.
    expect(ms).toBeLessThan(number < 16 ? 1450 : 2000);
  });

  it('is loud enough, and below what the speaker is held to', () => {
    let peak = 0;
    let power = 0;
    for (const sample of samples) {
      peak = Math.max(peak, Math.abs(sample));
      power += sample * sample;
    }
    expect(peak).toBeGreaterThan(4000);
    expect(peak).toBeLessThan(11_626);
    expect(Math.sqrt(power / samples.length)).toBeGreaterThan(1000);
    expect(Math.sqrt(power / samples.length)).toBeLessThan(3277);
  });

  it('comes from silence and goes back to it, without a click', () => {
    expect(Math.abs(samples[0]!)).toBeLessThan(8);
    expect(Math.abs(samples.at(-1)!)).toBeLessThan(8);
    // The first and the last 2 ms are soft, and no note begins or ends at once: where the sound comes out of silence, it grows over milliseconds.
    const loudestMs = (at: number): number =>
      samples.slice(at * 16, at * 16 + 16).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudestMs(0)).toBeLessThan(1200);
    expect(loudestMs(samples.length / 16 - 1)).toBeLessThan(600);
    for (let ms = 1; ms < samples.length / 16; ms++)
      if (loudestMs(ms - 1) === 0) expect(loudestMs(ms)).toBeLessThan(1200);
  });

  it('is unlike every other', () => {
    for (let other = 0; other < number; other++)
      expect([SCORE[other]!.name, distance(bands[number]!, bands[other]!) > 4]).toEqual([
        SCORE[other]!.name,
        true,
      ]);
  });
});

it('follows the volume', () => {
  const half = singSound(3, 50);
  expect(half.every((sample, i) => sample === Math.trunc(sung[3]![i]! / 2))).toBe(true);
  expect(singSound(3, 0).every((sample) => sample === 0)).toBe(true);
});

it('refuses what the table cannot hold', () => {
  const [fine] = glide({ attackMs: 20, releaseMs: 20 }, [0, 440, 100], [100, 440, 100]);
  expect(() => tableOf(SCORE.length)).toThrow('no such sound');
  expect(rowOf(fine!).ms).toBe(100);
  for (const wrong of [
    { ms: 0 },
    { hz: [440, 5000] },
    { attackMs: 90 },
    { loud: [0, 101] },
    { breath: -1 },
  ] as Partial<Note>[])
    expect(() => rowOf({ ...fine!, ...wrong })).toThrow('cannot hold');
});
