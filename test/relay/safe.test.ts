// The family's safe on a running relay: adults write and read it, the root key reads it, nobody else does either.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { SAFE_MAX_BYTES } from '#protocol/relay/limits.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { type RunningRelay, runningRelay } from './running.ts';

const mum = testDevice('safe mum', ROLE_ADULT);
const dad = testDevice('safe dad', ROLE_ADULT);
const gran = testDevice('safe gran', ROLE_RELATIVE);
const bridge = testDevice('safe bridge', ROLE_BRIDGE);
const other = testDevice('safe other', ROLE_ADULT);
const some = (n: number, sizeBytes = 100) => new Uint8Array(sizeBytes).fill(n);

let running: RunningRelay;
let family: ReturnType<typeof testFamily>;
beforeEach(async () => {
  running = await runningRelay();
  family = testFamily('safe', [mum.member, dad.member, gran.member, bridge.member]);
  await running.client(family, mum).createFamily(family.entries);
});
afterEach(() => running.close());

it('holds what an adult put there last, for adults and the root key, across a restart', async () => {
  expect(await running.client(family, dad).readSafe()).toBeNull();
  expect(await running.rootClient(family).readSafe()).toBeNull();
  await running.client(family, mum).putSafe(some(1));
  await running.client(family, dad).putSafe(some(2, SAFE_MAX_BYTES));
  await running.restart();
  expect(await running.client(family, mum).readSafe()).toEqual(some(2, SAFE_MAX_BYTES));
  expect(await running.rootClient(family).readSafe()).toEqual(some(2, SAFE_MAX_BYTES));
});

it('is still there for the root when every device is lost', async () => {
  await running.client(family, mum).putSafe(some(3));
  family.change([family.root], { op: 'reset', members: [other.member] });
  await running.rootClient(family).appendChain(family.familyId, family.entries.slice(1));
  await expect(running.client(family, mum).readSafe()).rejects.toThrow('relay-refused');
  expect(await running.rootClient(family).readSafe()).toEqual(some(3));
  expect(await running.client(family, other).readSafe()).toEqual(some(3));
});

it('is neither read nor written by relatives, bridges and strangers, nor written by the root key', async () => {
  await running.client(family, mum).putSafe(some(4));
  for (const device of [gran, bridge, other]) {
    await expect(running.client(family, device).readSafe()).rejects.toThrow('relay-refused');
    await expect(running.client(family, device).putSafe(some(5))).rejects.toThrow('relay-refused');
  }
  await expect(running.rootClient(family).putSafe(some(5))).rejects.toThrow('relay-refused');
  const theirs = testFamily('safe theirs', [other.member]);
  await running.client(theirs, other).createFamily(theirs.entries);
  expect(await running.client(theirs, other).readSafe()).toBeNull();
  await running.client(theirs, other).putSafe(some(6));
  expect(await running.client(family, mum).readSafe()).toEqual(some(4));
});

it('takes no more than 32 KiB, and not nothing', async () => {
  for (const sizeBytes of [0, SAFE_MAX_BYTES + 1])
    await expect(running.client(family, mum).putSafe(some(7, sizeBytes))).rejects.toThrow('relay-answer');
  expect(await running.client(family, mum).readSafe()).toBeNull();
});
