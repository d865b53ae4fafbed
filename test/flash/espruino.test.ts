// The console of the real Espruino: maker, key and tag go in; the signed program in the flash starts with the next life, and the console
// answers beside it; reset() ends the program and nothing else.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FlashBoard } from '#app/flash/boards.ts';
import { openConsole } from '#app/flash/console.ts';
import { askToyId, giveTag, holdsTag } from '#app/flash/identity.ts';
import { isProgramRunning, ownToy } from '#app/flash/program.ts';
import { resetChip } from '#app/flash/reset.ts';
import { BOARD_NUMBER, PROGRAMS_ADDRESS } from '#boards/linux.ts';
import { buildToy } from '#firmware/build/build.ts';
import { idText } from '#protocol/family/member.ts';
import { signProgram } from '#protocol/program/head.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import { createBoard, FLASH_BYTES } from './board.ts';
import { interpreterIn } from './interpreter.ts';
import { madeProgram } from './made-program.ts';
import { createMemoryTags } from './memory-tags.ts';

const path = process.env.ESPRUINO;
if (path === undefined || path === '')
  console.warn(
    'SKIPPED: the console of the real Espruino. Set ESPRUINO to the interpreter of firmware/native/README.md.',
  );

/** The interpreter on a computer sleeps between looks at its input, and the machine may be busy. */
const PATIENCE = { answerMs: 5000, startMs: 30_000 };
const VERSION = 100;
const linux = { name: 'linux', number: BOARD_NUMBER } as FlashBoard;
const maker = signKeys(new Uint8Array(32).fill(9));

it.skipIf(path === undefined || path === '')(
  'takes maker, key and tag, starts the program, and has them all after the power was off',
  { timeout: 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawpost-console-'));
    const code = Buffer.from((await buildToy('linux')).code, 'latin1');
    const signed = signProgram(BOARD_NUMBER, VERSION, code, (message) => signDigest(message, maker.secret));
    const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    flash.set(slotImage(signed), PROGRAMS_ADDRESS);
    writeFileSync(join(folder, 'flash'), flash);
    const board = createBoard({ run: interpreterIn(path!, folder) });
    board.flash[0x10000] = 0xe9;
    board.plug();
    const tags = createMemoryTags();
    try {
      const console = await openConsole(board.port, PATIENCE);
      await console.restart('reset()');
      expect(await isProgramRunning(console)).toBe(false);
      await ownToy(console, maker.publicKey, linux);
      const toyId = await askToyId(console);
      const secret = await giveTag(console, idText(toyId), tags);
      expect(tags.kept.get(idText(toyId))).toEqual(secret);
      // The slots as C keeps them: 64 bytes each, the tag first.
      expect(new Uint8Array(readFileSync(join(folder, 'keys')).subarray(0, 32))).toEqual(secret);
      await resetChip(board.port);
      await console.close();

      const guest = await openConsole(board.port, PATIENCE, true);
      expect(await isProgramRunning(guest)).toBe(true);
      expect(await askToyId(guest)).toEqual(toyId);
      expect(await holdsTag(guest, secret)).toBe(true);
      expect(await holdsTag(guest, new Uint8Array(32).fill(1))).toBe(false);
      await guest.close();

      const later = await openConsole(board.port, PATIENCE);
      await later.restart('reset()');
      expect(await isProgramRunning(later)).toBe(false);
      await ownToy(later, maker.publicKey, linux);
      await expect(ownToy(later, madeProgram(1).maker, linux)).rejects.toMatchObject({ code: 'maker' });
      await expect(ownToy(later, maker.publicKey, { ...linux, number: 1 })).rejects.toMatchObject({
        code: 'image',
      });
      expect(await giveTag(later, idText(toyId), tags)).toEqual(secret);
      const others = createMemoryTags();
      await expect(giveTag(later, idText(toyId), others)).rejects.toMatchObject({ code: 'tagged' });
      expect(others.kept.size).toBe(0);
      await later.close();
    } finally {
      board.pull();
    }
  },
);
