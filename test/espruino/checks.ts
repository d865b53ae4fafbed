// Runs a program of checks inside the interpreter and reads what it says.
import { type StartOptions, startInterpreter } from './interpreter.ts';
import type { Program } from './program.ts';

const TIMEOUT_MS = 120_000;

/** A toy that has run its checks: how many passed, and the folder with all it has left behind. */
export interface Checked {
  passed: number;
  folder: string;
}

/** Runs `program` until it says that it is done; `meanwhile` is the world outside. Rejects with all that went wrong. */
export async function runChecks(
  name: string,
  program: Program,
  options: StartOptions = {},
  meanwhile: () => Promise<void> = async () => {},
): Promise<Checked> {
  const toy = startInterpreter(program, { isOnce: true, ...options });
  const wrong: string[] = [];
  const world = meanwhile().catch((error: Error) => void wrong.push(error.message));
  await toy
    .printed(/PAWPOST done \d+[\r\n]/, TIMEOUT_MS)
    .catch((error: Error) => void wrong.push(error.message));
  await Promise.race([world, toy.ended]);
  await toy.kill();
  // The interpreter's own prompt may stand before the first mark.
  const lines: string[] = toy.output().match(/PAWPOST [^\r\n]*/g) ?? [];
  const complaints = lines.filter((line) => line.startsWith('PAWPOST WRONG'));
  const passed = lines.filter((line) => line.startsWith('PAWPOST ok')).length;
  const fault = toy.fault();
  wrong.push(...complaints);
  if (!lines.includes(`PAWPOST done ${passed + complaints.length}`)) wrong.push('lines were lost');
  if (fault !== undefined) wrong.push(toy.output().slice(toy.output().indexOf(fault)));
  if (passed === 0) wrong.push('no checks');
  if (wrong.length > 0) throw new Error(`${name}:\n${wrong.join('\n')}`);
  return { passed, folder: toy.folder };
}
