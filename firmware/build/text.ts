// The gate's look at the text itself: what Espruino's lexer reads otherwise than the language says, though the syntax tree is fine.
import { type Token, tokenizer, tokTypes } from 'acorn';

/**
 * Longest line. Espruino pads each frame of a stack trace with as many spaces as the line is long up to there, and builds one for every
 * fault: twelve characters a variable.
 */
const LINE_CHARACTERS = 250;
/** Its names are cut here: two that begin alike are one. */
const NAME_CHARACTERS = 63;
/** Reserved words there that are names in a script here. */
const RESERVED = new Set(['of', 'static', 'let']);
/** A `++` or `--` on a new line after any other token would belong to what is before it. */
const ENDS = [
  tokTypes.semi,
  tokTypes.comma,
  tokTypes.braceL,
  tokTypes.braceR,
  tokTypes.parenL,
  tokTypes.colon,
];

/** Complaints about the text of `code`, a script that parses. */
export function checkText(code: string): string[] {
  const complaints: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every character that is not ASCII.
  if (/[^\x00-\x7f]/.test(code)) complaints.push('a character that is not ASCII (a toy has bytes)');
  for (const line of code.split('\n')) {
    if (line.length > LINE_CHARACTERS)
      complaints.push(
        `a line of ${line.length} characters (every fault pads its stack trace with them): ${line.slice(0, 60)}`,
      );
  }
  const tokens = [...tokenizer(code, { ecmaVersion: 2022 })];
  tokens.forEach((token, i) => {
    const what = checkToken(code, tokens, i);
    if (what !== '') complaints.push(`${what}: ${code.slice(token.start, token.start + 60)}`);
  });
  return complaints;
}

function checkToken(code: string, tokens: Token[], i: number): string {
  const token = tokens[i]!;
  const before = tokens[i - 1];
  const next = tokens[i + 1];
  const text = code.slice(token.start, token.end);
  const isOnNewLine = before !== undefined && code.slice(before.end, token.start).includes('\n');
  const isProperty = before?.type === tokTypes.dot || next?.type === tokTypes.colon;
  if (token.type === tokTypes._return && (next === undefined || next.type === tokTypes.braceR))
    return 'a return without a semicolon before a brace (the end of a function is cut)';
  if (token.type === tokTypes._return && code.slice(token.end, next!.start).includes('\n'))
    return 'a new line after a return (what follows is returned)';
  if (token.type === tokTypes.incDec && isOnNewLine && !ENDS.includes(before.type))
    return 'a new line before ++ or -- (it belongs to what is before it)';
  if (token.type === tokTypes.slash || (token.type === tokTypes.assign && text === '/=')) {
    const isKeyword = before?.type.keyword !== undefined && tokens[i - 2]?.type === tokTypes.dot;
    if (before?.type === tokTypes.incDec || isKeyword)
      return 'a division after ++, -- or a keyword (a regular expression)';
  }
  if (token.type === tokTypes.string || token.type === tokTypes.template) {
    if (token.type === tokTypes.string && text.includes('\\\n'))
      return 'a string that goes on in the next line';
    if (/(?:^|[^\\])(?:\\\\)*\\u\{/.test(text)) return 'an escape in braces';
  }
  if (token.type === tokTypes.name && text.length > NAME_CHARACTERS)
    return 'a name longer than 63 characters (cut)';
  if (
    token.type === tokTypes.name &&
    RESERVED.has(text) &&
    !isProperty &&
    !(text === 'let' && next?.type === tokTypes.name)
  )
    return 'a name that is a reserved word in Espruino';
  return '';
}
