// How a program inside Espruino tells the harness what it found: one marked line a check.

declare function print(text: string): void;

let said = 0;

/** One check: `wrong` is '' if all is well. */
export function say(name: string, wrong: string): void {
  said++;
  print(`PAWPOST ${wrong === '' ? 'ok' : 'WRONG'} ${name}${wrong === '' ? '' : `: ${wrong}`}`);
}

/** The program has reached its end; says how many checks there were, so that none is lost on the way. */
export function sayDone(): void {
  print(`PAWPOST done ${said}`);
}
