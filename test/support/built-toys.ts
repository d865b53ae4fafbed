// Programs of the toy that a run of tests builds once, and not once in each of its files: building one takes seconds.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildToy, type ToyBuild } from '#firmware/build/build.ts';

/** Where a run keeps them; its workers inherit it. */
const FOLDER = 'PAWPOST_TEST_PROGRAMS';

/** Once a run, before any test: an empty folder. What was built before a source changed is not used again. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-programs-'));
  process.env[FOLDER] = folder;
  project.onTestsRerun(() => {
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
  });
  return () => rmSync(folder, { recursive: true });
}

/** As `buildToy`, for the release of this project. */
export async function builtToy(board: string): Promise<ToyBuild> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return buildToy(board);
  const file = join(folder, board);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ToyBuild;
  const built = await buildToy(board);
  // Whole or not at all: another worker may be reading.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(built));
  renameSync(`${file}.${process.pid}`, file);
  return built;
}
