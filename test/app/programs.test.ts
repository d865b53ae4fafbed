// The app's programs for toys: fetched from its own site for a toy that is older, and for no other.
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sitePrograms } from '#app/browser/programs.ts';
import { signProgram } from '#protocol/program/head.ts';
import { encodeProgram } from '#protocol/program/version.ts';

const key = generateKeyPairSync('ed25519').privateKey;
const RELEASE = '1.2.3';
const NEWEST = encodeProgram(RELEASE);
const programOf = (board: number, version = NEWEST) =>
  signProgram(board, version, new Uint8Array(900).fill(65), (message) => sign(null, message, key));

/** The site of a release, and which of its paths were asked for. */
function siteOf(files: Record<string, Uint8Array>) {
  const asked: string[] = [];
  const programs = sitePrograms(RELEASE, async (path) => {
    asked.push(path);
    const file = files[path];
    return file === undefined ? new Response(null, { status: 404 }) : new Response(Uint8Array.from(file));
  });
  return { programs, asked };
}

describe('the app’s programs for toys', () => {
  it('are fetched for an older toy alone', async () => {
    const { programs, asked } = siteOf({ '/toy/1.program': programOf(1) });
    expect(await programs.newerThan(NEWEST, 1)).toBeNull();
    expect(await programs.newerThan(NEWEST + 1, 1)).toBeNull();
    expect(asked).toEqual([]);
    expect(await programs.newerThan(NEWEST - 1, 1)).toMatchObject({ board: 1, version: NEWEST });
    expect(asked).toEqual(['/toy/1.program']);
  });

  it('are none without a network, for a board that the site has none for, or where the site has an old one', async () => {
    const { programs } = siteOf({ '/toy/1.program': programOf(1, NEWEST - 1) });
    expect(await programs.newerThan(NEWEST - 1, 1)).toBeNull();
    expect(await programs.newerThan(NEWEST - 1, 2)).toBeNull();
    const offline = sitePrograms(RELEASE, () => Promise.reject(new TypeError('no network')));
    expect(await offline.newerThan(NEWEST - 1, 1)).toBeNull();
  });

  it('must be whole programs of that board', async () => {
    const { programs } = siteOf({
      '/toy/1.program': programOf(2),
      '/toy/2.program': new TextEncoder().encode('<!doctype html>'),
      '/toy/3.program': programOf(3).with(400, 66),
    });
    await expect(programs.newerThan(1, 1)).rejects.toMatchObject({ code: 'program-board' });
    await expect(programs.newerThan(1, 2)).rejects.toMatchObject({ code: 'program-form' });
    await expect(programs.newerThan(1, 3)).rejects.toMatchObject({ code: 'program-hash' });
  });
});
