// The bridge is killed at every step of both ways and started again: what it carried arrives, once.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeKeyFile } from '#bridge/node/key-file.ts';
import {
  ANSWER,
  beginJourney,
  isHeartBeating,
  isWholeSound,
  isWholeVoice,
  type Journey,
} from '#test/support/journey.ts';
import { type Program, runProgram } from '#test/support/process.ts';
import { serveRoom } from '#test/support/served-room.ts';

/** A journey whose bridge is a process, and what starts one. */
async function beginWithProcess(name: string) {
  const air = `/tmp/pawpost-air-${process.pid}-${name}`;
  const journey = await beginJourney({ board: 'c3-plush', room: await serveRoom(air), hasBridge: false });
  const { bridge, relay } = journey.household;
  const home = join(journey.directory, 'bridge');
  const family = bridge.family.roster.familyId;
  writeKeyFile(join(home, 'device.json'), { keys: bridge.keys, relay: relay.url, family }, true);
  return {
    journey,
    /** Runs a bridge until it dies at one of these steps. Returns which. */
    async dieAt(...steps: string[]): Promise<string> {
      const program = runProgram('test/support/doomed-bridge.ts', home, air, steps.join(','));
      const step = await program.lines
        .until(`death at ${steps}`, () => true)
        .catch(async (error) => {
          await program.kill();
          throw new Error(`${error.message}\n${program.complaints.join('\n')}`);
        });
      expect(await program.ended).toBe('SIGKILL');
      return step;
    },
    /** The bridge that everybody runs. */
    run: (): Program => runProgram('cli/pawpost.ts', 'bridge', 'run', '--home', home, '--air', air, '--json'),
  };
}

function expectHealthy({ household }: Journey): void {
  expect(household.toy.errors).toEqual([]);
}

describe.concurrent('a bridge that is killed', () => {
  it('at every step of a recording loses nothing of it and sends it once', async () => {
    const { journey, dieAt, run } = await beginWithProcess('recording');
    const { heard } = journey;
    let deaths = 0;
    let program: Program | null = null;
    try {
      await dieAt('linked');
      const offered = dieAt('offered:before');
      await journey.speak();
      await offered;
      await dieAt('offered:after');
      deaths += 3;
      let chunks = 0;
      while ((await dieAt('chunk:after', 'whole:before')) === 'chunk:after') chunks++;
      expect(chunks).toBeGreaterThanOrEqual(1);
      deaths += chunks + 1;
      for (const step of ['whole:after', 'sealed:before', 'sealed:after', 'sent:before', 'sent:after']) {
        expect(await dieAt(step)).toBe(step);
        deaths++;
      }
      program = run();
      // The next one comes after the toy has been told that the first is safe.
      await journey.speak(1500);
      await heard.until('second voice', () => heard.all.length === 2);
      expect(heard.all.map((voice) => isWholeVoice(voice))).toEqual([true, true]);
      expect(await isHeartBeating(journey)).toBe(false);
      expect(heard.all.length).toBe(2);
      expectHealthy(journey);
      console.log(`the bridge was killed ${deaths} times on the way from the toy`);
    } finally {
      await program?.kill();
      await journey.close();
    }
  });

  it('at every step of a message brings it to the toy, where it is heard once', async () => {
    const { journey, dieAt, run } = await beginWithProcess('message');
    const { receipts, speaker, toy } = journey;
    let deaths = 0;
    let program: Program | null = null;
    try {
      await journey.answer();
      for (const step of [
        ...['fetched:before', 'fetched:after', 'offering:1', 'offering:5', 'offering:9'],
        ...['delivered:before', 'delivered:after', 'receipt:before', 'receipt:after'],
        ...['acknowledged:before', 'acknowledged:after'],
      ]) {
        expect(await dieAt(step)).toBe(step);
        deaths++;
      }
      program = run();
      await program.lines.until('link', (line) => line.includes('"linked"'));
      expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
      expect(await isHeartBeating(journey)).toBe(false);
      expect(speaker.played.length).toBe(1);
      expect(receipts.all.length).toBe(1);
      const from = toy.all.length;
      const second = await journey.answer();
      await receipts.until('second receipt', (id) => id === second);
      await toy.until('light in the heart', (event) => event.kind === 'heart' && event.isLit, from);
      expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
      expect(receipts.all.length).toBe(2);
      expectHealthy(journey);
      console.log(`the bridge was killed ${deaths} times on the way to the toy`);
    } finally {
      await program?.kill();
      await journey.close();
    }
  });
}, 120_000);
