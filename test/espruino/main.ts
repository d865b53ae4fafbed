// `npm run test:espruino`: the native modules, the vectors, a whole life and the budgets, in the real interpreter. Writes report.json, which
// `npm run check` holds against the program. Four minutes; skipped, loudly, where there is no interpreter.
import { INSTRUCTIONS_PER_PACKET, VARIABLES } from '#boards/linux.ts';
import { canMeasure, measureInstructions } from './instructions.ts';
import { interpreterPath, startInterpreter } from './interpreter.ts';
import { journey } from './journey.ts';
import { checkNative } from './native-checks.ts';
import { brokenBudgets, hashBundles, type Report, writeReport } from './report.ts';
import { checkVectors } from './vectors.ts';

const SKIPPED = `
SKIPPED: no real interpreter. Nothing was checked.

  apt-get install valgrind
  export ESPRUINO=/path/to/espruino     # firmware/native/README.md says what goes into a build of it
  npm run test:espruino
`;

async function timed<T>(name: string, action: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await action();
  console.log(`${name}: ${JSON.stringify(result)} (${Math.round((performance.now() - startedMs) / 1000)} s)`);
  return result;
}

/** The commit that the interpreter was built from, as it says itself. */
async function commitOf(): Promise<string> {
  const toy = startInterpreter(
    { code: 'print("COMMIT " + process.env.GIT_COMMIT);', texts: '' },
    { isOnce: true },
  );
  await toy.ended;
  return /COMMIT (\w+)/.exec(toy.output())?.[1] ?? 'unknown';
}

async function run(): Promise<void> {
  if (!canMeasure()) throw new Error('valgrind is missing: apt-get install valgrind');
  const espruino = await commitOf();
  const hash = await hashBundles();
  const native = await timed('native modules', checkNative);
  const vectors = await timed('vectors', checkVectors);
  const life = await timed('a life', journey);
  const { idle, ...costs } = await timed('instructions', measureInstructions);
  if (hash !== (await hashBundles())) throw new Error('the program changed meanwhile: run again');
  const report: Report = {
    hash,
    espruino,
    checks: { native, ...vectors, life: life.passed },
    instructions: { budget: INSTRUCTIONS_PER_PACKET, ...costs },
    variables: { budget: VARIABLES, ...life.variables },
  };
  writeReport(report);
  console.log(`idle while connected: ${idle} instructions in the time of a packet (part of the others)`);
  console.log(
    `variables: ${life.variables.onLinux} of 17 bytes here are ${life.variables.onChip} of 13 bytes on a C3: text takes 8 characters in a first ` +
      'variable there, 4 in a name, 9 in each that follows, and a flat buffer one for each 13 bytes and one more',
  );
  const broken = brokenBudgets(report);
  if (broken.length > 0) throw new Error(broken.join('\n'));
}

if (interpreterPath() === undefined) {
  console.log(SKIPPED);
} else {
  try {
    await run();
  } catch (error) {
    console.error(`FAILED\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  // A toy that would not end must not keep this process.
  process.exit();
}
