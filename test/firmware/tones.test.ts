import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ANIMALS } from '#protocol/link/animals.ts';

it('sings the animals in the order in which the parent is shown them', () => {
  const source = readFileSync(new URL('../../firmware/native/tones.c', import.meta.url), 'utf8');
  const sounds = source.slice(source.indexOf('SOUNDS[TONES]')).matchAll(/\}\},\s*\/\/ (\S+)/g);
  expect([...sounds].slice(0, ANIMALS.length).map(([, name]) => name)).toEqual([...ANIMALS]);
});
