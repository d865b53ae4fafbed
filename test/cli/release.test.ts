// `toy release`: signed programs in a folder that a bridge takes as it is; what is wrong is said before a bridge begins.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as plush from '#boards/c3-plush.ts';
import { openProgramFiles } from '#bridge/node/program-files.ts';
import { publicBytes } from '#cli/app/signing.ts';
import { hardwareBoards } from '#cli/release.ts';
import { checkProgram } from '#protocol/program/head.ts';
import { run } from './command.ts';

const directory = mkdtempSync(join(tmpdir(), 'pawpost-release-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const path = (name: string) => join(directory, name);
const key = generateKeyPairSync('ed25519').privateKey;
writeFileSync(path('maker.pem'), key.export({ type: 'pkcs8', format: 'pem' }));

describe('toy release', () => {
  it('signs the programs of the boards that are named, for a bridge to bring', async () => {
    const words = ['toy', 'release', '--key', path('maker.pem'), '--out', path('programs')];
    const { code, out, err } = await run([...words, '--board', 'c3-plush']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^board +number +version +bytes\nc3-plush +1 +\d+\.\d+\.\d+ +\d{5}\n$/);
    expect(readdirSync(path('programs'))).toEqual(['1.program']);
    const bytes = readFileSync(path('programs/1.program'));
    expect(checkProgram(bytes, publicBytes(key)).board).toBe(plush.BOARD_NUMBER);
    const programs = openProgramFiles(path('programs'));
    expect((await programs.newerThan(0, plush.BOARD_NUMBER))!.code.length).toBe(bytes.length - 136);
  });

  it('refuses a board that there is not, and a key that is none', async () => {
    const out = ['--out', path('none')];
    const odd = await run(['toy', 'release', ...out, '--board', 'teddy']);
    expect(odd.err).toMatch(/^pawpost: there is no board teddy\n {9}Choose one of /);
    writeFileSync(path('odd.pem'), 'no key');
    const keyless = await run(['toy', 'release', ...out, '--key', path('odd.pem')]);
    expect(keyless.err).toMatch(/is no Ed25519 key\n/);
    expect([odd.code, keyless.code]).toEqual([1, 1]);
  });

  it('is for every board of hardware unless told otherwise', async () => {
    const boards = await hardwareBoards();
    expect(boards).toContain('c3-plush');
    expect(boards).not.toContain('linux');
    expect(boards.length).toBeGreaterThan(5);
  });
});

it('a bridge does not begin with a folder that has no programs, or a broken one', async () => {
  const words = ['bridge', 'run', '--home', path('home'), '--programs', path('some')];
  const missing = await run(words);
  expect(missing.err).toMatch(/ENOENT.*\n {9}Check the path: it is not there\.\n$/);
  const empty = await run([...words.slice(0, -1), directory]);
  expect(empty.err).toMatch(/has no <board number>\.program in it\n {9}Name the folder that .*\n$/);
  writeFileSync(path('1.program'), 'half');
  const broken = await run([...words.slice(0, -1), directory]);
  expect(broken.err).toMatch(/1\.program is no signed program, or only a piece of one\n {9}Make it again /);
  expect([missing.code, empty.code, broken.code]).toEqual([1, 1, 1]);
});
