// What the real interpreter last said about the toy's programs: kept in the repository, because few machines have that interpreter, and
// held against the programs as they are now, so that it cannot grow old unseen.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { boardNames, buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';

const FILE = new URL('report.json', import.meta.url);

export interface Report {
  /** SHA-256, hex, over the bundles of all boards, in the order of their names. */
  hash: string;
  /** Commit of Espruino that ran them. */
  espruino: string;
  /** Checks that passed inside the interpreter, by group. */
  checks: Record<string, number>;
  /** Of each board's program: its bytes, and the steps of a life that it went through. */
  boards: Record<string, { bytes: number; passed: number }>;
  /** A thousand clips over one link: the most variables in use after some, and at the end. */
  leak: { clips: number; settled: number; last: number };
  /** Instructions of the interpreter's own thread for each 60 ms packet. */
  instructions: { budget: number; recording: number; sending: number; receiving: number; playing: number };
  /** Most variables in use: as this machine counts, and recomputed for the C3's 13 bytes. */
  variables: { budget: number; onLinux: number; onChip: number };
}

/** SHA-256 over the bundles of all boards. Rejects with BuildError. */
export async function hashBundles(): Promise<string> {
  const hash = createHash('sha256');
  for (const board of boardNames()) hash.update((await buildToy(board)).code);
  return hash.digest('hex');
}

export function writeReport(report: Report): void {
  writeFileSync(FILE, `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * What the report says, budgets that it breaks first: they are printed wherever it is checked, and outside in the bench. Rejects if it
 * is missing or speaks of other programs. It was written only if every check in the interpreter passed.
 */
export async function checkReport(): Promise<string> {
  const report = JSON.parse(readFileSync(FILE, 'utf8')) as Report;
  if (report.hash !== (await hashBundles()))
    throw new Error('test/espruino/report.json speaks of another program: run `npm run test:espruino`');
  const { instructions, variables } = report;
  const broken = brokenBudgets(report);
  const dearest = Math.max(
    instructions.recording,
    instructions.sending,
    instructions.receiving,
    instructions.playing,
  );
  const warnings = broken.map((line) => `BROKEN BUDGET ${line}\n`).join('');
  return `${warnings}${dearest} of ${instructions.budget} instructions a packet, ${variables.onChip} of ${variables.budget} variables`;
}

/** One line for each budget that the numbers break. */
export function brokenBudgets(report: Pick<Report, 'boards' | 'instructions' | 'variables'>): string[] {
  const { budget, ...costs } = report.instructions;
  const broken = Object.entries(costs)
    .filter(([, cost]) => cost > budget)
    .map(([what, cost]) => `${what}: ${cost} instructions a packet, over ${budget}`);
  if (report.variables.onChip > report.variables.budget)
    broken.push(`${report.variables.onChip} variables, over ${report.variables.budget}`);
  for (const [board, { bytes }] of Object.entries(report.boards))
    if (bytes > TOY_BYTES_LIMIT) broken.push(`${board}: ${bytes} bytes, over ${TOY_BYTES_LIMIT}`);
  return broken;
}
