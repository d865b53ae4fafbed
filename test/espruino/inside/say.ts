// How a program inside Espruino tells the harness what it found: one marked line a check.

declare function print(text: string): void;

/** One check: `wrong` is '' if all is well. */
export function say(name: string, wrong: string): void {
  print(`PAWPOST ${wrong === '' ? 'ok' : 'WRONG'} ${name}${wrong === '' ? '' : `: ${wrong}`}`);
}

/** The program has reached its end. */
export function sayDone(): void {
  print('PAWPOST done');
}
