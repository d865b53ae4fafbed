// `npm run test:espruino`: the native modules, the vectors, a life of every board's program, a thousand clips and the budgets, in the real
// interpreter. Writes report.json, which `npm run check` holds against the programs. Nine minutes where little else runs;
// skipped, loudly, where there is no interpreter.
import { INSTRUCTIONS_PER_PACKET, VARIABLES } from '#boards/linux.ts';
import { boardNames } from '#firmware/build/build.ts';
import { type BoardLife, boardLife } from './board-life.ts';
import { canMeasure, measureInstructions } from './instructions.ts';
import { interpreterPath, startInterpreter } from './interpreter.ts';
import { journey } from './journey.ts';
import { checkLeak } from './leak.ts';
import { checkNative } from './native-checks.ts';
import { brokenBudgets, hashBundles, type Report, writeReport } from './report.ts';
import { sleepLife } from './sleep-life.ts';
import { toyProgram } from './toy-program.ts';
import { checkVectors } from './vectors.ts';

/** Boards whose programs live at the same time. */
const AT_ONCE = 3;

const SKIPPED = `
SKIPPED: no real interpreter. Nothing was checked.

  apt-get install valgrind
  export ESPRUINO=/path/to/espruino     # firmware/native/README.md says what goes into a build of it
  npm run test:espruino
`;

const startedMs = performance.now();

/** A line of progress, with the seconds since the start. */
function tell(line: string): void {
  console.log(`${String(Math.round((performance.now() - startedMs) / 1000)).padStart(4)} s  ${line}`);
}

async function timed<T>(name: string, action: () => Promise<T>): Promise<T> {
  const beganMs = performance.now();
  tell(`${name} ...`);
  const result = await action();
  tell(`${name}: ${JSON.stringify(result)}, ${Math.round((performance.now() - beganMs) / 1000)} s`);
  return result;
}

/** Before any of them lives: a paw that is held while this machine builds is held too long. */
async function programs(): Promise<number> {
  for (const board of boardNames()) await toyProgram(board, (await toyProgram(board)).version + 1);
  return boardNames().length;
}

/** A few at a time: they wait more than they work. */
async function allBoards(): Promise<Record<string, BoardLife>> {
  const lives: Record<string, BoardLife> = {};
  const waiting = boardNames();
  async function live(): Promise<void> {
    for (let board = waiting.shift(); board !== undefined; board = waiting.shift()) {
      const name = board;
      lives[name] = await boardLife(name, (step) => tell(`  ${name} ${step}`));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, live));
  return Object.fromEntries(boardNames().map((board) => [board, lives[board]!]));
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
  await timed('programs', programs);
  // In real time, and mostly waiting: beside each other.
  const [leak, life, sleep, boards] = await Promise.all([
    timed('a thousand clips', () => checkLeak((turns) => tell(`  ${turns}`))),
    timed('a life', journey),
    timed('a sleep', sleepLife),
    timed('every board', allBoards),
  ]);
  // Alone: a toy that is held up turns more often for each packet.
  const { idle, ...costs } = await timed('instructions', measureInstructions);
  if (hash !== (await hashBundles())) throw new Error('the program changed meanwhile: run again');
  const report: Report = {
    hash,
    espruino,
    checks: { native, ...vectors, life: life.passed, sleep },
    boards,
    leak,
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
