// `npm run native:cross`: compiles the toy's C for a C3's processor and holds its size and its memory against the budget. Given IDF_PATH, compiles
// the ESP32's part against the headers of that ESP-IDF 4.4, too. Exits 1 over budget, 0 if it must be skipped (it says so).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idfIncludes } from './idf-headers.ts';

const TOOLS = 'riscv64-unknown-elf';
/** A C library's headers for that processor, newlib's as ESP-IDF's: nothing is linked, so headers are enough; the compiler's own come first. */
const C_HEADERS = ['/usr/include/newlib', '/usr/lib/picolibc/riscv64-unknown-elf/include'].find(existsSync);
const NATIVE = fileURLToPath(new URL('../../firmware/native/', import.meta.url));
const FAKE = fileURLToPath(new URL('fake_esp/', import.meta.url));
const PORTABLE = [
  'level',
  'ring',
  'voice',
  'tones',
  'selftest',
  'keyslots',
  'power',
  'noise_kdf',
  'program',
  'program_slot',
  'program_update',
];
const ESP32 = [
  'radio_esp32',
  'stack_esp32',
  'advertiser_esp32',
  'keystore_esp32',
  'makerstore_esp32',
  'entry_esp32',
  'program_esp32',
  'sound_esp32',
  'plush_esp32',
  'power_esp32',
  'pace_esp32',
];

const KB = 1024;
const BUDGET = { code: 215 * KB, memory: 85 * KB };
/**
 * libopus 1.6.1 in fixed point, encoder and decoder, measured once on RV32IMC: it is not built here. Text and tables at each optimisation; the
 * encoder's stack at complexity 0-1 in packets of 60 ms, the decoder's at worst. -Os costs 11 % more instructions than -O2.
 */
const OPUS = {
  codeOs: 153.8 * KB + 23.1 * KB,
  codeO2: 185.7 * KB + 23.7 * KB,
  encoding: 26_748,
  decoding: 9_656,
};
/** Two rings of the radio (jswrap_radio.c, which needs Espruino's headers): ring.h's bytes and two counters each. */
const RADIO_RINGS = 2 * (8192 + 8);
/**
 * Twelve chunks of 160 words for the microphone, as many pairs for the speaker: one of the two at a time (sound_esp32.c). In the test of a new
 * unit four chunks of pairs of words each way: more, but there is no radio beside it.
 */
const DMA = 12 * 160 * 4;

interface Sizes {
  text: number;
  rodata: number;
  data: number;
  bss: number;
  /** Bytes of stack by function. */
  stack: Map<string, number>;
}

const folder = mkdtempSync(join(tmpdir(), 'pawpost-cross-'));

/** Compiles one file; throws what the compiler says. */
function compile(name: string, includes: string[]): string {
  const object = join(folder, `${name}.o`);
  const { status, stderr } = spawnSync(
    `${TOOLS}-gcc`,
    [
      ...['-idirafter', C_HEADERS!, '-march=rv32imc', '-mabi=ilp32', '-std=gnu11', '-Os'],
      ...['-Wall', '-Wextra', '-Werror', '-ffunction-sections', '-fdata-sections', '-fstack-usage'],
      ...['-DESP_PLATFORM', '-isystem', join(folder, 'libraries'), '-I', NATIVE, ...includes],
      ...['-c', join(NATIVE, `${name}.c`), '-o', object],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${name}.c does not compile:\n${stderr}`);
  return object;
}

function measure(name: string): Sizes {
  const sizes: Sizes = { text: 0, rodata: 0, data: 0, bss: 0, stack: new Map() };
  const sections = execFileSync(`${TOOLS}-size`, ['-A', join(folder, `${name}.o`)], { encoding: 'utf8' });
  for (const [, section, bytes] of sections.matchAll(/^\.s?(text|rodata|data|bss)\S*\s+(\d+)/gm))
    sizes[section as 'text'] += Number(bytes);
  for (const line of readFileSync(join(folder, `${name}.su`), 'utf8').split('\n')) {
    const [place, bytes] = line.split('\t');
    if (bytes !== undefined) sizes.stack.set(place!.split(':').at(-1)!, Number(bytes));
  }
  return sizes;
}

/** The voice task's stack as it is created, and what its two deepest calls take of it. */
function voiceStack(all: Map<string, Sizes>): { made: number; deepest: number } {
  const made = Number(
    /#define STACK_BYTES (\d+)/.exec(readFileSync(join(NATIVE, 'plush_esp32.c'), 'utf8'))![1],
  );
  const of = (file: string, name: string): number => all.get(file)!.stack.get(name)!;
  const encoding = of('plush_esp32', 'listen') + of('voice', 'encodeFrame') + OPUS.encoding;
  const decoding = of('plush_esp32', 'speak') + of('voice', 'decodeNext') + OPUS.decoding;
  return { made, deepest: of('plush_esp32', 'work') + Math.max(encoding, decoding) };
}

const kb = (bytes: number): string => `${(bytes / KB).toFixed(1)} KB`;

/** Prints the table; returns what is over budget. */
function report(all: Map<string, Sizes>): string[] {
  const row = (...cells: (string | number)[]): void =>
    console.log(
      cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(8))).join(''),
    );
  const total = { text: 0, rodata: 0, data: 0, bss: 0 };
  row('file', 'text', 'rodata', 'data', 'bss', 'stack');
  for (const [name, sizes] of all) {
    for (const section of ['text', 'rodata', 'data', 'bss'] as const) total[section] += sizes[section];
    row(name, sizes.text, sizes.rodata, sizes.data, sizes.bss, Math.max(...sizes.stack.values()));
  }
  row('all', total.text, total.rodata, total.data, total.bss);
  const ours = total.text + total.rodata + total.data;
  const code = ours + OPUS.codeOs;
  const { made, deepest } = voiceStack(all);
  const memory = total.data + total.bss + RADIO_RINGS + DMA + made;
  console.log(
    `code: ours ${kb(ours)}, with libopus at -Os (measured once, not built here) ${kb(code)} of ${kb(BUDGET.code)};`,
  );
  console.log(
    `      with libopus at -O2 it would be ${kb(ours + OPUS.codeO2)}. Without Espruino, libsodium and Bluedroid`,
  );
  console.log(`voice's stack: ${deepest} of ${made} bytes, with libopus as measured once`);
  console.log(
    `memory: ${total.data + total.bss} static + ${RADIO_RINGS} radio rings + ${DMA} DMA + ${made} stack = ${kb(memory)} of ${kb(BUDGET.memory)}`,
  );
  return [
    ...(code > BUDGET.code ? ['code'] : []),
    ...(memory > BUDGET.memory ? ['memory'] : []),
    ...(deepest > made ? ['the voice’s stack'] : []),
  ];
}

function main(): number {
  if (spawnSync(`${TOOLS}-gcc`, ['--version']).status !== 0) {
    console.log(`SKIPPED: no ${TOOLS}-gcc (Debian: gcc-riscv64-unknown-elf)`);
    return 0;
  }
  if (C_HEADERS === undefined) {
    console.log('SKIPPED: no headers of a C library for it (Debian: libnewlib-dev)');
    return 0;
  }
  mkdirSync(join(folder, 'libraries'));
  for (const name of ['opus', 'sodium', 'sodium.h']) {
    if (!existsSync(`/usr/include/${name}`)) {
      console.log(`SKIPPED: no headers of ${name} (Debian: libopus-dev, libsodium-dev)`);
      return 0;
    }
    symlinkSync(`/usr/include/${name}`, join(folder, 'libraries', name));
  }
  const all = new Map<string, Sizes>();
  for (const name of [...PORTABLE, ...ESP32]) {
    compile(name, ['-I', FAKE]);
    all.set(name, measure(name));
  }
  const over = report(all);
  if (process.env.IDF_PATH) {
    const includes = idfIncludes(process.env.IDF_PATH, join(folder, 'idf'));
    for (const name of ESP32) compile(name, includes);
    compile('sound_esp32', [...includes, '-DPAWPOST_BOARD_ATOM_ECHO']); // a microphone of PDM
    console.log(`compiled against ${process.env.IDF_PATH}: ${ESP32.join(', ')}`);
  } else
    console.log('IDF_PATH is not set: the ESP32’s part was compiled against our own short headers alone');
  if (over.length > 0) console.log(`OVER BUDGET: ${over.join(', ')}`);
  return over.length > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
