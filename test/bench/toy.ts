// The toy's program: its bytes for each board, and what the real interpreter last said that it costs.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boardNames, buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import { hashBundles, type Report } from '#test/espruino/report.ts';
import { type Row, row } from './row.ts';

const REPORT = fileURLToPath(new URL('../espruino/report.json', import.meta.url));

/** A row a board. The baseline is the room that its program may take. */
export async function benchBundles(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const board of boardNames()) {
    const { bytes } = await buildToy(board);
    rows.push(row(`toy: program for ${board}`, bytes, 'bytes', TOY_BYTES_LIMIT, { of: 'ratio', atMost: 1 }));
  }
  return rows;
}

/** What the report of `npm run test:espruino` says, or why it says nothing about this program. */
export async function benchInterpreter(): Promise<Row[] | string> {
  if (!existsSync(REPORT)) return 'there is no test/espruino/report.json: run `npm run test:espruino`';
  const report = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  if (report.hash !== (await hashBundles()))
    return 'test/espruino/report.json speaks of another program: run `npm run test:espruino`';
  const { budget, ...costs } = report.instructions;
  const source = `from the report of Espruino ${report.espruino.slice(0, 8)}`;
  const { variables } = report;
  return [
    ...Object.entries(costs).map(([what, cost]) =>
      row(`toy: ${what} a 60 ms packet, ${source}`, cost, 'instructions', budget, {
        of: 'ratio',
        atMost: 1,
      }),
    ),
    row(`toy: variables at the worst moment, ${source}`, variables.onChip, 'variables', variables.budget, {
      of: 'ratio',
      atMost: 1,
    }),
  ];
}
