// The last touch to the bundle's text, for what Espruino makes of text. Lines: it builds a stack trace for every fault, even one that is
// caught, and pads each frame with as many spaces as its line is long up to there; in one line of 36 KB, a fault at power-on would take
// all memory. (esbuild's own `lineLimit` will not do: it breaks strings with a backslash, which Espruino does not know.) Returns: it
// keeps a function's text without the last brace, and reads a `return` at the very end as one whose value is missing.
import { tokenizer, tokTypes } from 'acorn';

const LINE_CHARACTERS = 100;
/** After these a line may end anywhere: no statement ends early there, and none goes on. */
const BREAKS = [tokTypes.comma, tokTypes.semi, tokTypes.braceL];

/** The same script with a new line at the first good place after LINE_CHARACTERS, and a semicolon after each `return` that a brace follows. */
export function breakLines(code: string): string {
  let broken = '';
  let lineAt = 0;
  let at = 0;
  let before = tokTypes.eof;
  for (const token of tokenizer(code, { ecmaVersion: 2022 })) {
    if (before === tokTypes._return && token.type === tokTypes.braceR) {
      broken += `${code.slice(at, token.start)};`;
      at = token.start;
    }
    before = token.type;
    if (token.end - lineAt < LINE_CHARACTERS || !BREAKS.includes(token.type)) continue;
    broken += `${code.slice(at, token.end)}\n`;
    at = token.end;
    lineAt = token.end;
  }
  return broken + code.slice(at);
}
