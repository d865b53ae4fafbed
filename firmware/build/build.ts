// Builds the toy's program: one bundle a board, checked against what Espruino can run, with its size and hash.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { bundle, releaseNow } from './bundle.ts';
import { checkSyntax } from './gate.ts';

/** Largest bundle, in bytes: what the toy's 64 KB program area and its parser's memory leave room for. */
export const TOY_BYTES_LIMIT = 40 * 1024;

export interface ToyBuild {
  board: string;
  /** x.y.z, as package.json says it unless another was asked for. */
  release: string;
  /** The program, one immediately called function, ASCII. */
  code: string;
  bytes: number;
  /** SHA-256 of the code, hex. */
  hash: string;
}

/** Names of the boards that can be built for. */
export function boardNames(): string[] {
  return readdirSync(new URL('../../boards/', import.meta.url))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
}

/**
 * Builds the program for `board` (a file name of boards/ without its ending). The same sources give the same bytes.
 * Throws BuildError when the board is unknown, esbuild refuses a construct, or the gate finds one that Espruino would
 * misread; does not judge the size (TOY_BYTES_LIMIT is the caller's to compare).
 */
export async function buildToy(board: string, release: string = releaseNow()): Promise<ToyBuild> {
  const known = boardNames();
  if (!known.includes(board)) throw new BuildError(`no board '${board}'; there are ${known.join(', ')}`);
  const code = await bundle(board, undefined, release);
  const complaints = checkSyntax(code);
  if (complaints.length > 0) throw new BuildError(`Espruino cannot run this:\n${complaints.join('\n')}`);
  return {
    board,
    release,
    code,
    bytes: Buffer.byteLength(code),
    hash: createHash('sha256').update(code).digest('hex'),
  };
}

/** The program could not be built; the message says where and why. */
export class BuildError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BuildError';
  }
}
