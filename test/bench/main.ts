// `npm run bench`: every budget that has a number, measured beside its baseline in the same run. `--quick` leaves out what takes
// minutes, `--full` adds what takes many, `--json` prints one object. It judges and does not fail: exit 1 only for what broke.
import { benchAccounts } from './accounts.ts';
import { benchApp } from './app.ts';
import { benchEnvelope } from './envelope.ts';
import { benchLink } from './link.ts';
import { printTable, type Section } from './print.ts';
import { benchQuality } from './quality.ts';
import { benchRelay } from './relay.ts';
import { isWithin, type Row } from './row.ts';
import { benchBundles, benchInterpreter } from './toy.ts';

const has = (flag: string) => process.argv.includes(flag);
const isQuick = has('--quick');
const isFull = has('--full');
const isJson = has('--json');

/** What is measured, in the order of a voice's way. A text says why there is no number on this machine or in this run. */
const BENCHES: readonly { name: string; run(): Promise<Row[] | string> }[] = [
  { name: 'toy, by the interpreter', run: benchInterpreter },
  { name: 'toy, bytes', run: benchBundles },
  { name: 'speech', run: async () => (isQuick ? 'takes a minute: leave out --quick' : benchQuality()) },
  { name: 'envelope', run: () => benchEnvelope(isQuick ? 60 : 300) },
  { name: 'link', run: () => benchLink(isQuick ? 10 : 60) },
  { name: 'relay', run: benchRelay },
  { name: 'app, bytes', run: benchApp },
  {
    name: 'relay with 821,396 families',
    run: async () => (isFull ? benchAccounts(1) : 'takes minutes and 7 GB of disk: --full'),
  },
];

const sections: Section[] = [];
let isBroken = false;
for (const { name, run } of BENCHES) {
  const begunMs = performance.now();
  process.stderr.write(`${name} ... `);
  try {
    const result = await run();
    sections.push(typeof result === 'string' ? { name, rows: [], reason: result } : { name, rows: result });
  } catch (error) {
    isBroken = true;
    sections.push({ name, rows: [], reason: `BROKE: ${(error as Error).message}` });
  }
  process.stderr.write(`${((performance.now() - begunMs) / 1000).toFixed(1)} s\n`);
}

const rows = sections.flatMap((section) => section.rows);
const outside = rows.filter((row) => !isWithin(row));
if (isJson) {
  const judged = rows.map((row) => ({
    ...row,
    verdict: row.budget === null ? null : isWithin(row) ? 'inside' : 'outside',
  }));
  const notMeasured = sections.flatMap(({ name, reason }) =>
    reason === undefined ? [] : [{ name, reason }],
  );
  console.log(JSON.stringify({ rows: judged, notMeasured, outside: outside.length }, null, 2));
} else {
  printTable(sections);
  const judged = rows.filter(({ budget }) => budget !== null).length;
  console.log(`\n${judged - outside.length} of ${judged} rows inside their budget`);
}
// The BLE stacks keep timers of their own that would hold the process.
process.exit(isBroken ? 1 : 0);
