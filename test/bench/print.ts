// Rows as a table for a person.
import { type Budget, isWithin, type Row } from './row.ts';

/** The rows of one benchmark, or why it has none. */
export interface Section {
  name: string;
  rows: Row[];
  reason?: string;
}

const COLUMNS = ['', 'measured', 'baseline', 'ratio', 'budget', ''];

export function printTable(sections: readonly Section[]): void {
  const lines = sections.flatMap(({ rows }) => rows.map(cells));
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]!.length)),
  );
  const print = (line: readonly string[]) =>
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    );
  print(COLUMNS);
  for (const { name, rows, reason } of sections) {
    for (const row of rows) print(cells(row));
    if (reason !== undefined) console.log(`${name}: NOT MEASURED, ${reason}`);
  }
}

function cells(row: Row): string[] {
  const { name, value, unit, baseline, ratio, budget } = row;
  return [
    name,
    `${number(value)} ${unit}`.trimEnd(),
    baseline === null ? '' : number(baseline),
    ratio === null ? '' : ratio.toFixed(2),
    budget === null ? '' : limits(budget),
    budget === null ? '' : isWithin(row) ? 'inside' : 'OUTSIDE',
  ];
}

function limits({ of, atLeast, atMost }: Budget): string {
  const what = of === 'ratio' ? 'ratio ' : '';
  return [
    ...(atLeast === undefined ? [] : [`${what}>= ${number(atLeast)}`]),
    ...(atMost === undefined ? [] : [`${what}<= ${number(atMost)}`]),
  ].join(', ');
}

/** Three digits that count, all of an integer. */
function number(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value.toPrecision(3);
}
