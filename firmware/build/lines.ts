// Breaks the bundle into lines. Espruino builds a stack trace for every fault, even one that is caught, and pads each frame with as many
// spaces as its line is long up to there: in one line of 36 KB, a fault at power-on would take all memory. esbuild's own `lineLimit`
// will not do: it breaks texts with a backslash, which Espruino does not know.
import { tokenizer, tokTypes } from 'acorn';

const LINE_CHARACTERS = 100;
/** After these a line may end anywhere: no statement ends early there, and none goes on. */
const BREAKS = [tokTypes.comma, tokTypes.semi, tokTypes.braceL];

/** The same script with a new line at the first good place after LINE_CHARACTERS. */
export function breakLines(code: string): string {
  let broken = '';
  let lineAt = 0;
  for (const token of tokenizer(code, { ecmaVersion: 2022 })) {
    if (token.end - lineAt < LINE_CHARACTERS || !BREAKS.includes(token.type)) continue;
    broken += `${code.slice(lineAt, token.end)}\n`;
    lineAt = token.end;
  }
  return broken + code.slice(lineAt);
}
