// Which properties Espruino's own objects have, for the gate: those of its globals as firmware/espruino.d.ts declares them, and of everybody's
// methods the ones that are missing. Types say the same to the sources; this says it to the finished bundle.
import { readFileSync } from 'node:fs';

const DECLARATIONS = readFileSync(new URL('../espruino.d.ts', import.meta.url), 'utf8');

/** By global: its members. A global that is declared without any has none that the toy may use. */
export const GLOBAL_MEMBERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...DECLARATIONS.matchAll(/^declare const (\w+): (\{.*\}|\{\n[\s\S]*?\n\});$/gm)].map(([, name, body]) => [
    name!,
    new Set([...body!.matchAll(/(?:^ {2}|^\{ )(\w+)[(?:]/gm)].map(([, member]) => member!)),
  ]),
);

/**
 * Methods of strings, arrays, typed arrays and promises that Espruino 2v29 has not, or not as the language has them. Only to be called: as
 * names of our own properties they are as good as any. Names of one to three letters are left to the types, for the bundle shortens ours.
 */
export const MISSING_METHODS: ReadonlySet<string> = new Set(
  `allSettled codePointAt copyWithin entries finally findLast findLastIndex flat flatMap lastIndexOf localeCompare matchAll normalize
  toReversed toSorted toSpliced trimEnd trimStart values`.split(/\s+/),
);
