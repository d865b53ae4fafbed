// A folder of programs: each under its board's number, whole, and read anew for each toy; anything else is refused with words.
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProgramFiles } from '#bridge/node/program-files.ts';
import { readProgram } from '#bridge/programs.ts';
import { signProgram } from '#protocol/program/head.ts';

const key = generateKeyPairSync('ed25519').privateKey;
const programOf = (board: number, version: number, bytes = 2000) =>
  signProgram(board, version, new Uint8Array(bytes).fill(65), (message) => sign(null, message, key));

let directory: string;
const put = (name: string, content: Uint8Array | string) => writeFileSync(join(directory, name), content);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pawpost-programs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a folder of programs', () => {
  it('has what is newer for the board, and nothing else', async () => {
    put('1.program', programOf(1, 101, 40_960));
    put('7.program', programOf(7, 200));
    put('notes.txt', 'not ours');
    const programs = openProgramFiles(directory);
    expect(await programs.newerThan(100, 1)).toMatchObject({ board: 1, version: 101 });
    expect((await programs.newerThan(100, 1))!.code.length).toBe(40_960);
    expect(await programs.newerThan(101, 1)).toBeNull();
    expect(await programs.newerThan(102, 1)).toBeNull();
    expect(await programs.newerThan(0, 2)).toBeNull();
    expect(await programs.newerThan(199, 7)).toMatchObject({ board: 7, version: 200 });
  });

  it('is read anew, and what is broken then is said', async () => {
    put('1.program', programOf(1, 101));
    const programs = openProgramFiles(directory);
    put('1.program', programOf(1, 102));
    expect(await programs.newerThan(101, 1)).toMatchObject({ version: 102 });
    put('1.program', programOf(1, 103).subarray(0, 900));
    await expect(programs.newerThan(101, 1)).rejects.toMatchObject({ code: 'program-form' });
  });

  it.each<[string, string, RegExp, () => void]>([
    ['nothing', 'program-none', /has no <board number>\.program in it$/, () => {}],
    ['only other names', 'program-none', /has no/, () => put('01.program', programOf(1, 1))],
    [
      'half a file',
      'program-form',
      /or only a piece of one$/,
      () => put('1.program', programOf(1, 1).subarray(0, 500)),
    ],
    [
      'a file with more than its program',
      'program-form',
      /is no signed program/,
      () => put('1.program', Buffer.concat([programOf(1, 1), Buffer.of(0)])),
    ],
    [
      'a file as large as a disk',
      'program-form',
      /is no signed program/,
      () => put('1.program', new Uint8Array(1 << 22)),
    ],
    ['an empty file', 'program-form', /is no signed program/, () => put('1.program', '')],
    ['another board’s', 'program-board', /is for another board/, () => put('1.program', programOf(2, 1))],
    [
      'one with a changed bit',
      'program-hash',
      /1\.program is damaged$/,
      () => put('1.program', programOf(1, 1).with(900, 66)),
    ],
  ])('is refused at the start when it has %s', (_what, code, message, prepare) => {
    prepare();
    expect(() => openProgramFiles(directory)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        advice: expect.stringMatching(/\.$/),
      }),
    );
  });

  it('is refused when it is not there, or a file of it is a folder', () => {
    expect(() => openProgramFiles(join(directory, 'nowhere'))).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
    mkdirSync(join(directory, '1.program'));
    expect(() => openProgramFiles(directory)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  });
});

it('no changed bit but those of the signature makes another program', () => {
  const good = programOf(1, 101, 300);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(7), (at, bit) => {
      const changed = good.with(at, good[at]! ^ (1 << bit));
      // Board and version are the signature's to keep: the toy judges that.
      const isJudgedByToy = (at >= 18 && at < 20) || (at >= 72 && at < 136);
      if (isJudgedByToy) expect(readProgram(changed, 1).code).toEqual(readProgram(good, 1).code);
      else expect(() => readProgram(changed, 1)).toThrow(/^program-(form|hash|board)$/);
    }),
    { numRuns: 200 },
  );
});
