// `npm run check`: types, lint, format, layering, the toy's syntax gate, bundle size, the app's first load, the studies' numbers, the specification against the code, the real
// interpreter's report, and the length of files. Prints a line a step; exits 1 at the end if any failed.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { buildApp, FIRST_LOAD_LIMIT } from '#cli/app/build.ts';
import { gzipBytes } from '#cli/app/bundle.ts';
import { boardNames, buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import { scoreHeader } from '#firmware/sounds/header.ts';
import { checkReport } from '#test/espruino/report.ts';
import { studyTroubles } from './studies.ts';

const LINES_LIMIT = 400;

const failed: string[] = [];

async function step(name: string, action: () => string | Promise<string>): Promise<void> {
  try {
    console.log(`${name}: ${await action()}`);
  } catch (error) {
    failed.push(name);
    console.log(`${name}: FAILED\n${error instanceof Error ? error.message : String(error)}`);
  }
}

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('npx', [command, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stdout}${stderr}`.trim());
  return 'ok';
}

function checkLengths(): string {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.c', '*.h'],
    {
      encoding: 'utf8',
    },
  );
  const long = files
    .trim()
    .split('\n')
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_LIMIT);
  if (long.length > 0) throw new Error(long.map(({ file, lines }) => `${file}: ${lines} lines`).join('\n'));
  return `none over ${LINES_LIMIT} lines`;
}

async function checkBundles(): Promise<string> {
  const sizes: string[] = [];
  for (const board of boardNames()) {
    const { bytes } = await buildToy(board);
    if (bytes > TOY_BYTES_LIMIT) throw new Error(`${board}: ${bytes} bytes, over ${TOY_BYTES_LIMIT}`);
    sizes.push(`${board} ${bytes}`);
  }
  return `${sizes.join(', ')} of ${TOY_BYTES_LIMIT} bytes`;
}

function checkScore(): string {
  if (readFileSync('firmware/native/score.h', 'utf8') !== scoreHeader())
    throw new Error('firmware/native/score.h is not what firmware/sounds says: run `npm run toy:sounds`');
  return 'score.h is what firmware/sounds says';
}

async function checkFirstLoad(): Promise<string> {
  const { files, firstLoad } = await buildApp();
  const bytes = gzipBytes(files, firstLoad);
  const said = `${bytes} of ${FIRST_LOAD_LIMIT} bytes, gzip`;
  if (bytes > FIRST_LOAD_LIMIT) throw new Error(said);
  return said;
}

function checkStudies(): string {
  const folder = 'test/studies';
  const names = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const tests = new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
  const threats = readFileSync('docs/threats.md', 'utf8');
  const troubles = studyTroubles(threats, tests);
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
  return `${threats.match(/^\| S\d+ \|/gm)!.length} numbers, each with its test`;
}

await step('types, hosts', () => run('tsc', '-p', '.'));
await step('types, toy', () => run('tsc', '-p', 'firmware'));
await step('types, app', () => run('tsc', '-p', 'app'));
await step('types, app’s tests', () => run('tsc', '-p', 'test/app'));
await step('types, page', () => run('tsc', '-p', 'cli/start/page'));
await step('lint, format, layering', () => run('biome', 'check', '--error-on-warnings', '.'));
await step('file lengths', checkLengths);
await step('the toy’s sounds', checkScore);
await step('syntax gate, bundle size', checkBundles);
await step('app’s first load', checkFirstLoad);
await step('studies against tests', checkStudies);
await step('specification against code', () => run('vitest', 'run', 'test/protocol/specification.test.ts'));
await step('real interpreter’s report', () => checkReport());

if (failed.length > 0) {
  console.log(`check failed: ${failed.join('; ')}`);
  process.exitCode = 1;
}
