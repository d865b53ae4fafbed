// `toy release`: the signed programs that a bridge, or the app, brings to toys that are there already (protocol/README.md section 16).
import { type KeyObject, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { boardNames, buildToy, TOY_BYTES_LIMIT, type ToyBuild } from '#firmware/build/build.ts';
import type { Board } from '#firmware/simulator/board.ts';
import { signProgram } from '#protocol/program/head.ts';
import { encodeProgram } from '#protocol/program/version.ts';
import { developmentKey, readKey } from './app/signing.ts';
import { CommandError } from './failure.ts';

export interface Release {
  /** A file name of boards/ without its ending. */
  board: string;
  /** BOARD_NUMBER. */
  number: number;
  /** x.y.z */
  version: string;
  /** What `<number>.program` has in it. */
  program: Uint8Array;
}

export function addRelease(toy: Command): void {
  toy
    .command('release')
    .description('build and sign the programs that "bridge run --programs" brings to toys')
    .requiredOption('--out <dir>', 'folder for the files <board number>.program; made if need be')
    .option('--key <file>', 'Ed25519 key (PEM) of the toy’s maker; a key for development if left out')
    .option('--board <name...>', 'all boards of hardware if left out')
    .option('--json', 'as JSON')
    .action(release);
}

async function release(options: { out: string; key?: string; board?: string[]; json?: true }): Promise<void> {
  const key = options.key === undefined ? developmentKey() : readKey(options.key);
  const releases = await releasesOf(key, options.board ?? (await hardwareBoards()));
  mkdirSync(options.out, { recursive: true });
  for (const { number, program } of releases) {
    writeFileSync(join(options.out, `${number}.program`), program);
  }
  const rows = releases.map(({ program, ...row }) => ({ ...row, bytes: program.length }));
  if (options.json === true) console.log(JSON.stringify(rows));
  else console.log(tableOf(rows));
}

/** Each board's program, built now or earlier in this process, and signed. @throws CommandError. */
export async function releasesOf(key: KeyObject, boards: readonly string[]): Promise<Release[]> {
  for (const board of boards) requireBoard(board);
  return Promise.all(boards.map((board) => releaseOf(key, board)));
}

/** One board's; `version` (x.y.z) in place of what package.json says. @throws CommandError if it is too large. */
export async function releaseOf(key: KeyObject, board: string, version?: string): Promise<Release> {
  const { code, release, bytes } = await built(board, version);
  if (bytes > TOY_BYTES_LIMIT) {
    throw new CommandError(
      `${board}: ${bytes - TOY_BYTES_LIMIT} bytes too many`,
      'The toy’s program must shrink.',
    );
  }
  const { BOARD_NUMBER } = (await import(`#boards/${board}.ts`)) as Board;
  const program = signProgram(BOARD_NUMBER, encodeProgram(release), Buffer.from(code, 'latin1'), (message) =>
    sign(null, message, key),
  );
  return { board, number: BOARD_NUMBER, version: release, program };
}

/** Names of the boards that are more than a test's. */
export async function hardwareBoards(): Promise<string[]> {
  const all = boardNames().map(async (name) => ({
    name,
    board: (await import(`#boards/${name}.ts`)) as Board,
  }));
  return (await Promise.all(all)).filter(({ board }) => board.WIRING !== '').map(({ name }) => name);
}

/** @throws CommandError if there is no such board. */
export function requireBoard(name: string): void {
  if (!boardNames().includes(name)) {
    throw new CommandError(`there is no board ${name}`, `Choose one of ${boardNames().join(', ')}.`);
  }
}

const builds = new Map<string, Promise<ToyBuild>>();

function built(board: string, version?: string): Promise<ToyBuild> {
  const name = `${board} ${version}`;
  const build = builds.get(name) ?? buildToy(board, version);
  builds.set(name, build);
  return build;
}

function tableOf(rows: readonly { board: string; number: number; version: string; bytes: number }[]): string {
  const cells = [
    ['board', 'number', 'version', 'bytes'],
    ...rows.map(({ board, number, version, bytes }) => [board, `${number}`, version, `${bytes}`]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = ([name, ...rest]: string[]) =>
    [name!.padEnd(widths[0]!), ...rest.map((cell, i) => cell.padStart(widths[i + 1]!))].join('  ');
  return cells.map(line).join('\n');
}
