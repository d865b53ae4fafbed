// Toy-safe sources made into one program for the interpreter, through the same bundler and gate as what ships.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from '#firmware/build/bundle.ts';
import { checkSyntax } from '#firmware/build/gate.ts';

const INSIDE = fileURLToPath(new URL('inside/', import.meta.url));
/** Where programs that are made from data lie; beside the sources, so that their imports are found. */
const MADE = fileURLToPath(new URL('../../out/espruino-programs/', import.meta.url));
/** What programs for tests may use beyond what the toy may: to read vectors, and to report. */
const ALSO_KNOWN = /^name that Espruino does not know: (print|parseInt|JSON|quit)$/;

/** The program whose main file is inside/`name`.ts. Rejects where the gate would stop it from shipping. */
export function programOf(name: string): Promise<string> {
  return build(`${INSIDE}${name}.ts`, name);
}

/** A program that hands each of `data` to the function `run` of inside/`name`.ts. */
export function programWith(name: string, data: unknown[]): Promise<string> {
  mkdirSync(MADE, { recursive: true });
  const file = `${MADE}${name}.ts`;
  const imports = `import { run } from '${INSIDE}${name}.ts';\nimport { sayDone } from '${INSIDE}say.ts';\n`;
  // A statement for each: what one takes is free again before the next.
  const calls = data.map((item) => `run(${JSON.stringify(item)});\n`).join('');
  writeFileSync(file, `${imports}${calls}sayDone();\n`);
  return build(file, name);
}

async function build(file: string, name: string): Promise<string> {
  const code = await bundle('linux', file);
  const complaints = checkSyntax(code).filter((complaint) => !ALSO_KNOWN.test(complaint));
  if (complaints.length > 0) throw new Error(`${name}: Espruino cannot run this:\n${complaints.join('\n')}`);
  return code;
}
