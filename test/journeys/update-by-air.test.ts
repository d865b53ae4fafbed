// A paired toy with an older program gets the newer one from its bridge over the real BLE stacks, starts it, and is the same toy as before.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOARD, BOARD_NUMBER } from '#boards/c3-plush.ts';
import type { BridgeEvent } from '#bridge/main.ts';
import { openProgramFiles } from '#bridge/node/program-files.ts';
import { publicBytes } from '#cli/app/signing.ts';
import { releaseOf } from '#cli/release.ts';
import { encodeProgram } from '#protocol/program/version.ts';
import { ANSWER, beginJourney, isWholeSound, isWholeVoice, tells } from '#test/support/journey.ts';

const OLD = '0.0.8';
const NEW = '0.0.9';
const maker = generateKeyPairSync('ed25519').privateKey;
const directory = mkdtempSync(join(tmpdir(), 'pawpost-update-'));
// Outside the tests' own time: building takes seconds, and each release is built once.
beforeAll(async () => {
  for (const release of [OLD, NEW]) await releaseOf(maker, BOARD, release);
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A toy as its maker made it, with the old program, and a bridge with a folder of the new one. */
async function begin(told: (event: BridgeEvent) => void) {
  writeFileSync(join(directory, `${BOARD_NUMBER}.program`), (await releaseOf(maker, BOARD, NEW)).program);
  const made = { maker: publicBytes(maker), program: (await releaseOf(maker, BOARD, OLD)).program };
  return beginJourney({ board: BOARD, made, programs: openProgramFiles(directory), told });
}

const runs = (release: string) => (event: BridgeEvent) =>
  event.event === 'status' && event.status.program === encodeProgram(release);

describe('a newer program', () => {
  it('reaches the toy, lets a message pass on its way, starts, and changes nothing else', async () => {
    let answer = () => {};
    const journey = await begin((event) => {
      if (event.event === 'program' && event.bytes > 0) answer();
    });
    const { household, bridge, toy, heard } = journey;
    try {
      answer = () => {
        answer = () => {};
        void journey.answer();
      };
      await bridge.until('status of the old', runs(OLD));
      const from = toy.all.length;
      const delivered = await bridge.until('delivery', tells('delivered'));
      // The toy may restart before it has said that the program is whole.
      await toy.until('restart', ({ kind }) => kind === 'boot', from);
      await bridge.until('status of the new', runs(NEW));
      const last = bridge.all.findLast(tells('program'))!;
      expect(bridge.all.indexOf(delivered)).toBeLessThan(bridge.all.indexOf(last));
      expect(bridge.all.filter(tells('program')).length).toBeGreaterThan(5);

      // What it was given before it slept, it plays; what is said to it now, the family hears.
      expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
      await journey.speak();
      expect(isWholeVoice(await heard.until('voice at the parent', () => true))).toBe(true);
      expect(household.toy.errors).toEqual([]);
      expect(bridge.all.filter(tells('program-refused'))).toEqual([]);
    } finally {
      await journey.close();
    }
  });
});
