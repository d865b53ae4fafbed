// The jig and the real Espruino: levels are right, tones are heard and played, and a whole run stops the program that was running.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConsole } from '#app/flash/console.ts';
import { base64 } from '#app/flash/letters.ts';
import * as linux from '#boards/linux.ts';
import { jigBoard } from '#cli/jig/command.ts';
import type { Operator } from '#cli/jig/operator.ts';
import { testUnit } from '#cli/jig/run.ts';
import type { JigPatience } from '#cli/jig/unit.ts';
import { buildToy } from '#firmware/build/build.ts';
import { LEVEL_NOTHING, toneLevel } from '#firmware/simulator/selftest.ts';
import { writeWav } from '#firmware/simulator/wav.ts';
import { signProgram } from '#protocol/program/head.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { openToyLine } from '../espruino/toy-line.ts';
import { createBoard } from '../flash/board.ts';
import { interpreterIn } from '../flash/interpreter.ts';

const path = process.env.ESPRUINO ?? '';
if (path === '')
  console.warn(
    'SKIPPED: the jig with the real Espruino. Set ESPRUINO to the interpreter of firmware/native/README.md.',
  );

const RATE = 16_000;
const FLASH_BYTES = 4 * 1024 * 1024;
/** The interpreter on a computer sleeps between looks at its input, and the machine may be busy. */
const PATIENCE: JigPatience = {
  answerMs: 5000,
  startMs: 30_000,
  touchMs: 10_000,
  lookMs: 2,
  litMs: 1,
  speakMs: 500,
  roomMs: 400,
  airMs: 5000,
};

/** A sine at `dbfs` RMS for so many seconds. */
function sine(hz: number, dbfs: number, seconds: number): Int16Array {
  const peak = 32_768 * Math.SQRT2 * 10 ** (dbfs / 20);
  return Int16Array.from({ length: seconds * RATE }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * hz * i) / RATE)),
  );
}

function makeUnit(room: Int16Array, environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-jig-'));
  writeFileSync(join(folder, 'room.wav'), writeWav(room));
  const cable = createBoard({
    run: interpreterIn(path, folder, {
      PAWPOST_MICROPHONE: join(folder, 'room.wav'),
      PAWPOST_SPEAKER: join(folder, 'speaker'),
      PAWPOST_MAKER: join(folder, 'maker'),
      ...environment,
    }),
  });
  cable.flash[0x10000] = 0xe9;
  return { folder, cable };
}

describe.skipIf(path === '')('the real Espruino', () => {
  it('says how loud a WAV file is, and hears its tone and no other', { timeout: 120_000 }, async () => {
    const { folder, cable } = makeUnit(sine(1000, -37, 4));
    cable.plug();
    try {
      const console = await openConsole(cable.port, PATIENCE);
      const ask = (expression: string) => console.ask(`require("plush").${expression}`);
      expect(await ask('level()')).toBe(LEVEL_NOTHING);
      await ask('record(),1');
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(Math.abs(Number(await ask('level()')) + 3700)).toBeLessThan(50);
      await ask('stop(),1');
      expect(Math.abs(Number(await ask('echo(1000,600,0)')) + 3700)).toBeLessThan(50);
      expect(Number(await ask('echo(1300,600,0)'))).toBeLessThan(-7000);
      await expect(ask('echo(100,600,0)')).rejects.toThrow('no such tone');
      const before = readFileSync(join(folder, 'speaker')).length / 2;
      await ask('echo(2000,600,50)');
      await console.close();
      const spoken = readFileSync(join(folder, 'speaker'));
      const samples = new Int16Array(spoken.buffer, spoken.byteOffset, spoken.length / 2).subarray(before);
      // Half of -6 dBFS at its peaks.
      expect(Math.abs(toneLevel(samples.subarray(0, 9000), 2000) + 1505)).toBeLessThan(50);
    } finally {
      cable.pull();
    }
  });

  it('is tested whole, while its program had been running', { timeout: 180_000 }, async () => {
    const line = await openToyLine(join(mkdtempSync(join(tmpdir(), 'pawpost-line-')), 'air'));
    // Something like a quiet room: the same low noise for as long as it listens. Its own tone cannot be in it.
    let state = 1;
    const room = Int16Array.from({ length: 4 * RATE }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return (state % 21) - 10;
    });
    const { folder, cable } = makeUnit(room, { PAWPOST_RADIO: line.path });
    const maker = sodium.crypto_sign_keypair();
    const sign = (message: Uint8Array) => sodium.crypto_sign_detached(message, maker.privateKey);
    const { code } = await buildToy('linux');
    const program = signProgram(linux.BOARD_NUMBER, 5, Buffer.from(code, 'latin1'), sign);
    const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    flash.set(slotImage(program), linux.PROGRAMS_ADDRESS);
    writeFileSync(join(folder, 'flash'), flash);
    cable.plug();
    try {
      const console = await openConsole(cable.port, PATIENCE);
      await console.ask(`require("program").own(E.toUint8Array(atob("${base64(maker.publicKey)}")))`);
      await console.close();
      cable.pull();
      cable.plug();
      await expect.poll(line.isAdvertising, { timeout: 20_000 }).toBe(true); // the program runs

      const wiring = { ...(await jigBoard('c3-plush')).wiring, image: 'PAWPOST_LINUX' };
      const operator: Operator = {
        isThere: true,
        tell: (text) => {
          if (/^Touch/.test(text)) line.setPin(linux.PAW_PIN, true);
          if (/^Let go/.test(text)) line.setPin(linux.PAW_PIN, false);
        },
        sees: async () => line.output(linux.HEART_PIN) === 65_535,
      };
      const done = await testUnit({
        port: cable.port,
        board: { facts: linux, wiring },
        operator,
        openRadio: async () => line.radio,
        patience: PATIENCE,
      });
      const by = Object.fromEntries(done.results.map((result) => [result.test, result]));
      expect(done.fault).toBeNull();
      expect(done.versions.program).toBe(5);
      for (const test of ['image', 'program', 'paw', 'heart', 'microphone', 'radio', 'air', 'flash', 'keys'])
        expect(by[test]).toMatchObject({ outcome: 'pass' });
      expect(by.battery).toMatchObject({ outcome: 'not tested', isNeedless: true });
      expect(Math.abs(by.microphone!.measured! + 74.7)).toBeLessThan(1);
      // A file does not hear the speaker, nor the operator: both are found.
      expect(by.speaker).toMatchObject({ outcome: 'fail', note: expect.stringContaining('not heard') });
      expect(by.hearing).toMatchObject({ outcome: 'fail' });
      // And it runs its program again.
      await expect.poll(line.isAdvertising, { timeout: 20_000 }).toBe(true);
    } finally {
      cable.pull();
      await line.close();
    }
  });
});
