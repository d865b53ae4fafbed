// The animals are sung one after the other, whatever pairing they belong to.
import { expect, it } from 'vitest';
import type { Plush } from '#firmware/native/native.d.ts';
import { createVoice } from '#firmware/voice.ts';

/** A voice whose timers the test lets run out, one at a time. */
function openVoice() {
  const sung: number[] = [];
  const due: (() => void)[] = [];
  const plush = { tone: (sound: number) => void sung.push(sound) } as unknown as Plush;
  const timers = { now: () => 0, after: (action: () => void) => due.push(action), cancel: () => {} };
  return { sung, due, voice: createVoice(plush, timers, () => 70), pass: () => due.shift()?.() };
}

it('sings four animals, and then is at rest', () => {
  const { sung, due, voice, pass } = openVoice();
  voice.singAnimals(Uint8Array.of(1, 2, 3, 4));
  expect(sung).toEqual([1]);
  for (let i = 0; i < 4; i++) pass();
  expect(sung).toEqual([1, 2, 3, 4]);
  expect(due).toEqual([]);
});

it.each([0, 2, 3])('keeps the pace when others begin %i animals later', (passed) => {
  const { sung, due, voice, pass } = openVoice();
  voice.singAnimals(Uint8Array.of(1, 2, 3, 4));
  for (let i = 0; i < passed; i++) pass();
  voice.singAnimals(Uint8Array.of(5, 6, 7, 8));
  expect(due.length).toBe(1);
  for (let i = 0; i < 5; i++) {
    expect(due.length).toBe(1);
    pass();
  }
  expect(sung).toEqual([...[1, 2, 3, 4].slice(0, passed + 1), 5, 6, 7, 8]);
  expect(due).toEqual([]);
});
