// Toy-safe sources made into one program for the interpreter, through the same bundler and gate as what ships.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from '#firmware/build/bundle.ts';
import { checkSyntax } from '#firmware/build/gate.ts';

const INSIDE = fileURLToPath(new URL('inside/', import.meta.url));
/** Where programs that are made from data lie; beside the sources, so that their imports are found. */
const MADE = fileURLToPath(new URL('../../out/espruino-programs/', import.meta.url));
/**
 * What programs for tests may do beyond what the toy may: read texts, report, slice arrays (not bytes), look through plain objects. And the
 * bundler may move a function into the only loop that calls it, which is dear, but not wrong: what they make in loops they do not keep.
 * And where a program has nothing of Espruino's E, the minifier takes that letter for a name of its own.
 */
const ALSO_KNOWN =
  /^(name that Espruino does not know: (print|parseInt|global)\b|not in firmware.espruino\.d\.ts: E\.|ForInStatement |slice |closure made in a loop)/;

/** Texts up to this length are cheap enough as literals. */
const LITERAL_CHARACTERS = 64;

/** What stands in the toy's flash: the program, and the long texts that it reads from there (inside/text.ts). */
export interface Program {
  code: string;
  texts: string;
}

/** The program whose main file is inside/`name`.ts. Rejects where the gate would stop it from shipping. */
export async function programOf(name: string): Promise<Program> {
  return { code: await build(`${INSIDE}${name}.ts`, name), texts: '' };
}

/** A program that hands each of `data` to the function `run` of inside/`name`.ts. */
export async function programWith(name: string, data: unknown[]): Promise<Program> {
  mkdirSync(MADE, { recursive: true });
  const file = `${MADE}${name}.ts`;
  let texts = '';
  const literal = (value: unknown): string => {
    if (typeof value === 'string' && value.length > LITERAL_CHARACTERS) {
      texts += value;
      return `text(${texts.length - value.length}, ${value.length})`;
    }
    if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`)}}`;
  };
  // A statement for each: what one takes is free again before the next.
  const calls = data.map((item) => `run(${literal(item)});\n`).join('');
  const imports = [`{ run } from '${INSIDE}${name}.ts'`, `{ sayDone } from '${INSIDE}say.ts'`];
  if (texts.length > 0) imports.push(`{ text } from '${INSIDE}text.ts'`);
  writeFileSync(file, `${imports.map((from) => `import ${from};\n`).join('')}${calls}sayDone();\n`);
  return { code: await build(file, name), texts };
}

async function build(file: string, name: string): Promise<string> {
  const code = await bundle('linux', file);
  const complaints = checkSyntax(code).filter((complaint) => !ALSO_KNOWN.test(complaint));
  if (complaints.length > 0) throw new Error(`${name}: Espruino cannot run this:\n${complaints.join('\n')}`);
  return code;
}
