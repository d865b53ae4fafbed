// A release in 16 bits: what the build writes, the app reads, and nothing else is a release.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeProgram, encodeProgram } from '#protocol/program/version.ts';

it('numbers releases in their order', () => {
  expect(encodeProgram('0.1.0')).toBe(100);
  expect(encodeProgram('1.2.3')).toBe(10203);
  expect(encodeProgram('6.55.35')).toBe(0xffff);
});

it('gives every number back', () => {
  fc.assert(
    fc.property(fc.nat(0xffff), (program) => {
      expect(encodeProgram(decodeProgram(program))).toBe(program);
    }),
  );
});

it.each([
  '',
  '1',
  '1.2',
  '1.2.3.4',
  '1.100.0',
  '1.0.100',
  '6.55.36',
  '7.0.0',
  '01.0.0',
  '1.2.3-rc',
  'v1.2.3',
  ' 1.2.3',
  '1.2.3\n',
])('refuses %j', (release) => {
  expect(() => encodeProgram(release)).toThrow(/^record-field$/);
});
