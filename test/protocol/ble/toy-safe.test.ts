// The folders that run on the toy compile against Espruino's own library, where what the interpreter lacks is a compile error.
import { readdirSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';

const files = ['protocol/bytes.ts', 'protocol/fault.ts'];
for (const folder of ['ble', 'clip', 'policy'])
  for (const file of readdirSync(`protocol/${folder}`)) files.push(`protocol/${folder}/${file}`);

const { config } = ts.readConfigFile('firmware/tsconfig.json', ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, 'firmware');

/** Complaints about these files and what they import, as texts. */
function complaints(names: string[], host = ts.createCompilerHost(options)): string[] {
  const program = ts.createProgram(['firmware/espruino.d.ts', ...names], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((found) => `${found.file?.fileName}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`);
}

it('ble, clip and policy use nothing that the toy lacks', () => {
  expect(files.length).toBeGreaterThan(15);
  expect(complaints(files)).toEqual([]);
});

it('the check sees what the toy lacks', () => {
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const name = 'protocol/ble/not-there.ts';
  const source =
    "export const a = Uint8Array.from([1]);\nexport const b = new Map();\nexport const c = 'x'.trimStart();\n";
  host.fileExists = (path) => path.endsWith(name) || ts.sys.fileExists(path);
  host.readFile = (path) => (path.endsWith(name) ? source : read(path));
  expect(complaints([name], host).length).toBeGreaterThanOrEqual(3);
});
