// Runs a program of checks inside the interpreter and reads what it says.
import { type StartOptions, startInterpreter } from './interpreter.ts';

const TIMEOUT_MS = 120_000;

/** Runs `program` to its end; returns how many checks passed. Rejects with all that went wrong. */
export async function runChecks(name: string, program: string, options: StartOptions = {}): Promise<number> {
  const toy = startInterpreter(program, { isOnce: true, ...options });
  const timer = setTimeout(() => void toy.kill(), TIMEOUT_MS);
  const code = await toy.ended;
  clearTimeout(timer);
  // The interpreter's own prompt may stand before the first mark.
  const lines = toy.output().match(/PAWPOST [^\r\n]*/g) ?? [];
  const wrong = lines.filter((line) => line.startsWith('PAWPOST WRONG'));
  const passed = lines.filter((line) => line.startsWith('PAWPOST ok')).length;
  const fault = toy.fault();
  const said = passed + wrong.length;
  if (!lines.includes(`PAWPOST done ${said}`) || code !== 0) wrong.push(`ended early (exit code ${code})`);
  if (fault !== undefined) wrong.push(toy.output().slice(toy.output().indexOf(fault)));
  if (passed === 0) wrong.push('no checks');
  if (wrong.length > 0) throw new Error(`${name}:\n${wrong.join('\n')}`);
  return passed;
}
