// The gate refuses what the interpreter misreads: each trap is a program, which the real interpreter, where there is one, shows to be a trap.
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { checkSyntax } from '#firmware/build/gate.ts';
import { interpreterPath, startInterpreter } from '#test/espruino/interpreter.ts';
import { FINE, TRAPS } from '#test/espruino/traps.ts';

/** Without the harness's own variable. */
const complaintsOf = (code: string): string[] => checkSyntax(`var r; ${code}`);

/** What the language says; as text, as the interpreter will print it. */
function languageSays(code: string): string {
  const world = createContext({});
  return String(runInContext(`var r; ${code}; r;`, world));
}

/** What Espruino makes of it: a value, or what it throws, or nothing at all. */
async function espruinoSays(code: string): Promise<string> {
  const program = `var r;try{\n${code}\n;}catch(e){r="THROWN "+e;}\nprint("\\nSAYS <"+r+">");`;
  const toy = startInterpreter({ code: program, texts: '' }, { isOnce: true });
  await toy.printed(/SAYS <[^>]*>|Uncaught|Interrupted/, 10_000).catch(() => {});
  await toy.kill();
  return /SAYS <([^>]*)>/.exec(toy.output())?.[1] ?? 'nothing';
}

describe('the gate', () => {
  it.each(TRAPS.map(({ name, code }) => [name, code]))('refuses %s', (_, code) => {
    expect(complaintsOf(code!)).not.toEqual([]);
  });

  it.each(FINE.map(({ name, code }) => [name, code]))('lets through %s', (_, code) => {
    expect(complaintsOf(code!)).toEqual([]);
  });

  it('refuses a line that every fault would pay for', () => {
    expect(complaintsOf(`f(${'0,'.repeat(200)}0); function f() {}`).join()).toContain('a line of');
  });
});

if (interpreterPath() === undefined)
  console.warn('SKIPPED: the traps are not tried on the real interpreter (ESPRUINO is not set)');

describe.skipIf(interpreterPath() === undefined)('the real interpreter', () => {
  it.each(TRAPS.map(({ name, code }) => [name, code]))('misreads %s', async (_, code) => {
    expect(await espruinoSays(code!)).not.toBe(languageSays(code!));
  });

  it.each(FINE.map(({ name, code }) => [name, code]))('reads %s', async (_, code) => {
    expect(await espruinoSays(code!)).toBe(languageSays(code!));
  });
});
