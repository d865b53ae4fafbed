// The tables of protocol/README.md, by their section and the first cell of their header, and what can be read in them.
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** The whole page. */
export const markdown: string = readFileSync('protocol/README.md', 'utf8');

export interface Table {
  section: number;
  header: string[];
  rows: string[][];
}

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));

function tablesOf(text: string): Table[] {
  const found: Table[] = [];
  let section = 0;
  let table: Table | null = null;
  for (const line of text.split('\n')) {
    section = Number(/^## (\d+)\./.exec(line)?.[1] ?? section);
    if (!line.startsWith('|')) table = null;
    else if (table === null) {
      table = { section, header: cells(line), rows: [] };
      found.push(table);
    } else if (!/^\|[-| ]+\|$/.test(line)) table.rows.push(cells(line));
  }
  return found;
}

export const tables: readonly Table[] = tablesOf(markdown);
/** Section and first cell of the header. */
export const nameOf = (table: Table): string => `${table.section} ${table.header[0]}`;

/** The rows of the one table that is called so: its section and the first cell of its header. */
export function rows(name: string): string[][] {
  const found = tables.filter((table) => nameOf(table) === name);
  expect(found.length, `tables called "${name}"`).toBe(1);
  return found[0]!.rows;
}

/** Sum of the widths that a body names: u8, u16, u32 and [n]. Prose in brackets does not count. */
export function widthOf(body: string): number {
  let bytes = 0;
  for (const [, bits, size] of body.replaceAll(/\([^)]*\)/g, '').matchAll(/\bu(8|16|32)\b|\[(\d+)\]/g))
    bytes += bits === undefined ? Number(size) : Number(bits) / 8;
  return bytes;
}

/** Offsets and sizes of a layout table, checked to follow each other without a hole. */
export function layoutOf(name: string, totalBytes: number): number[][] {
  const read = rows(name).map((row) => [Number(row[1]), Number(row[2])]);
  let at = 0;
  for (const [offset, size] of read) {
    expect(offset).toBe(at);
    at += size!;
  }
  expect(at).toBe(totalBytes);
  return read;
}

/** Numbers that a module exports under names with a prefix, by the rest of the name. */
export const byName = (module: object, prefix: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(module).flatMap(([name, value]) =>
      name.startsWith(prefix) && typeof value === 'number' ? [[name.slice(prefix.length), value]] : [],
    ),
  );

/** Contexts that stand as literals in the sources of `folder`. */
function contextsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((file) => {
    if (!file.endsWith('.ts')) return [];
    const source = readFileSync(`${folder}/${file}`, 'utf8');
    return [...source.matchAll(/'(pawpost1\/[a-z-]+)'/g)].map((match) => match[1]!);
  });
}

/** The contexts of a table are those of these folders, no more and no fewer. */
export function checkContexts(name: string, folders: string[]): void {
  const listed = rows(name).map(([context]) => context);
  expect(new Set(folders.flatMap(contextsIn))).toEqual(new Set(listed));
  expect(new Set(listed).size).toBe(listed.length);
}
