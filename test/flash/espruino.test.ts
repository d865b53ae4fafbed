// The console of the real Espruino: the program goes in, is read back, starts with the next life; key and tag outlive the power.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openConsole } from '#app/flash/console.ts';
import { askToyId, giveTag, holdsTag } from '#app/flash/identity.ts';
import { hasFile, PROGRAM_FILE, putFile } from '#app/flash/program.ts';
import { resetChip } from '#app/flash/reset.ts';
import { buildToy } from '#firmware/build/build.ts';
import { idText } from '#protocol/family/member.ts';
import { createBoard } from './board.ts';
import { interpreterIn } from './interpreter.ts';
import { createMemoryTags } from './memory-tags.ts';

const path = process.env.ESPRUINO;
if (path === undefined || path === '')
  console.warn(
    'SKIPPED: the console of the real Espruino. Set ESPRUINO to the interpreter of firmware/native/README.md.',
  );

/** The interpreter on a computer sleeps between looks at its input, and the machine may be busy. */
const PATIENCE = { answerMs: 5000, startMs: 30_000 };

it.skipIf(path === undefined || path === '')(
  'takes program, key and tag, and has them after the power was off',
  { timeout: 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawpost-console-'));
    const board = createBoard({ run: interpreterIn(path!, folder) });
    board.flash[0x10000] = 0xe9;
    board.plug();
    const tags = createMemoryTags();
    try {
      const { code } = await buildToy('linux');
      const program = Buffer.from(code, 'latin1');
      const console = await openConsole(board.port, PATIENCE);
      await console.restart('reset()');
      expect(await putFile(console, PROGRAM_FILE, program, () => {})).toBe(true);
      const toyId = await askToyId(console);
      const secret = await giveTag(console, idText(toyId), tags);
      expect(tags.kept.get(idText(toyId))).toEqual(secret);
      // The slots as C keeps them: 64 bytes each, the tag first.
      expect(new Uint8Array(readFileSync(join(folder, 'keys')).subarray(0, 32))).toEqual(secret);
      await resetChip(board.port);
      await console.close();

      const later = await openConsole(board.port, PATIENCE);
      expect(await later.ask(`require("Storage").list(${JSON.stringify(PROGRAM_FILE)})`)).toEqual([
        PROGRAM_FILE,
      ]);
      expect(await hasFile(later, PROGRAM_FILE, program)).toBe(true);
      expect(await askToyId(later)).toEqual(toyId);
      expect(await holdsTag(later, secret)).toBe(true);
      expect(await holdsTag(later, new Uint8Array(32).fill(1))).toBe(false);
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
