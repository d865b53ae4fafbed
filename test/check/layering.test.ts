// The rules of the tree refuse what they promise to refuse: wrong imports and false randomness, sown in a copy of it.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

/** A file, what is written at its end, and what it breaks. */
const WRONG_IMPORTS: readonly [string, string][] = [
  ['boards/linux.ts', "import '#protocol/bytes.ts';"],
  ['protocol/bytes.ts', "import './fault.ts';"],
  ['protocol/ble/frame.ts', "import 'node:fs';"],
  ['protocol/link/noise.ts', "import '../sodium/ready.ts';"],
  ['protocol/policy/policy.ts', "import '../envelope/open.ts';"],
  ['protocol/envelope/open.ts', "import 'node:crypto';"],
  ['protocol/family/chain.ts', "import '#bridge/device.ts';"],
  ['firmware/paw.ts', "import '#bridge/radio.ts';"],
  ['firmware/heart.ts', "import '#protocol/envelope/open.ts';"],
  ['firmware/simulator/wav.ts', "import '#bridge/radio.ts';"],
  ['bridge/outbox.ts', "import 'node:fs';"],
  ['bridge/inbox.ts', "import 'better-sqlite3';"],
  ['bridge/node/noble.ts', "import '#relay/main.ts';"],
  ['relay/http.ts', "import '#protocol/envelope/open.ts';"],
  ['relay/mailbox.ts', "import '#protocol/family/sign.ts';"],
  ['relay/families.ts', "import '#protocol/family/recipients.ts';"],
  ['relay/events.ts', "import 'libsodium-wrappers';"],
  ['relay/log.ts', "import '#bridge/device.ts';"],
  ['app/start.ts', "import '#boards/linux.ts';"],
  ['app/sound/sound.ts', "import '../flash/toy.ts';"],
  ['app/flash/write.ts', "import '#firmware/paw.ts';"],
  ['app/flash/image.ts', "import 'node:fs';"],
  // The long way round.
  ['relay/wakes.ts', "import '../protocol/envelope/open.ts';"],
  ['bridge/clock.ts', "import '../relay/main.ts';"],
  ['bridge/node/sighting.ts', "import '../../firmware/paw.ts';"],
  ['protocol/clip/sender.ts', "import '../../bridge/device.ts';"],
  ['firmware/twin.ts', "import '../bridge/device.ts';"],
  ['relay/buckets.ts', "export const later = () => import('#protocol/envelope/open.ts');"],
];

let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'pawpost-layers-'));
  const kept = execFileSync('git', ['ls-files', '--cached', '*.ts', '*.json', 'firmware/native'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of kept.trim().split('\n')) {
    if (/^(cli|test)\//.test(file) || !existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The files that the linter complains about, each with the rules that it broke. */
function complaints(): Map<string, Set<string>> {
  const { stdout } = spawnSync(
    process.execPath,
    [BIOME, 'lint', '--reporter=github', '--max-diagnostics=none', '.'],
    {
      cwd: copy,
      encoding: 'utf8',
    },
  );
  const found = new Map<string, Set<string>>();
  for (const [, rule, file] of stdout.matchAll(/^::error title=([^,]+),file=([^,]+),/gm)) {
    const name = isAbsolute(file!) ? relative(realpathSync(copy), file!) : file!;
    found.set(name, (found.get(name) ?? new Set()).add(rule!));
  }
  return found;
}

describe('the linter', () => {
  it('has nothing against the tree as it is', () => {
    expect([...complaints()]).toEqual([]);
  });

  it('refuses every import that crosses the layers, and every cycle, of types too', () => {
    for (const [file, line] of WRONG_IMPORTS) appendFileSync(join(copy, file), `\n${line}\n`);
    writeFileSync(
      join(copy, 'bridge/ring-a.ts'),
      "import type { B } from './ring-b.ts';\nexport type A = B[];\n",
    );
    writeFileSync(
      join(copy, 'bridge/ring-b.ts'),
      "import type { A } from './ring-a.ts';\nexport type B = A | 1;\n",
    );
    const found = complaints();
    const broken = (rule: string) => [...found].filter(([, rules]) => rules.has(rule)).map(([file]) => file);
    expect(broken('lint/style/noRestrictedImports').sort()).toEqual(
      WRONG_IMPORTS.map(([file]) => file).sort(),
    );
    expect(broken('lint/suspicious/noImportCycles')).toEqual(
      expect.arrayContaining(['bridge/ring-a.ts', 'bridge/ring-b.ts']),
    );
  });
});

describe('the toy’s types', () => {
  it.each([
    ['firmware/near.ts', 'export const draw = () => Math.random();'],
    ['protocol/link/ceremony.ts', 'export const draw = () => Math.random();'],
    ['firmware/clips.ts', 'export const draw = () => E.hwRand();'],
  ])('do not know the false randomness that was sown in %s', (file, line) => {
    const path = join(copy, file);
    copyFileSync(join(ROOT, file), path);
    appendFileSync(path, `\n${line}\n`);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', 'firmware'], { cwd: copy, encoding: 'utf8' });
    expect(stdout).toMatch(new RegExp(`^${file}.*(random|hwRand)`, 'm'));
    copyFileSync(join(ROOT, file), path);
  });
});
