// Puts the program's constants where they are used. Espruino finds a name by walking all names of its scope, and keeps each in a
// variable of its own: two hundred constants at the top of the program cost memory and make every look-up slower. esbuild inlines
// constants between files, but not those that follow anything else in their own.
import { parse } from 'acorn';
import { type Binding, resolveNames } from './scopes.ts';
import type { SyntaxNode } from './syntax.ts';

/** `code`, a script, with every number and string that its top level names once and for all in the place of its name. */
export function inlineConstants(code: string): string {
  let before = '';
  let after = code;
  // A constant may be made of others.
  while (after !== before) {
    before = after;
    after = inlineOnce(before);
  }
  return after;
}

function inlineOnce(code: string): string {
  const tree = parse(code, { ecmaVersion: 2022 }) as unknown as SyntaxNode;
  const { uses } = resolveNames(tree);
  const written = new Set<Binding>(uses.filter((use) => use.isWrite).map((use) => use.binding));
  const edits: { start: number; end: number; text: string }[] = [];
  const inlined = new Set<SyntaxNode>();
  for (const { node, binding } of uses) {
    const init = binding.declarator?.init as SyntaxNode | null | undefined;
    if (!init || written.has(binding) || binding.scope.owner !== tree || !isConstant(init)) continue;
    edits.push({ start: node.start, end: node.end, text: textOf(init, code) });
    inlined.add(binding.declarator!);
  }
  for (const { id, end } of inlined) {
    // The minifier's second pass takes the unused name out.
    edits.push({ start: (id as SyntaxNode).end, end, text: ' = void 0' });
  }
  edits.sort((a, b) => b.start - a.start);
  let out = code;
  for (const { start, end, text } of edits) out = out.slice(0, start) + text + out.slice(end);
  return out;
}

function isConstant(node: SyntaxNode): boolean {
  if (node.type === 'UnaryExpression')
    return node.operator !== 'void' && isConstant(node.argument as SyntaxNode);
  if (node.type === 'BinaryExpression')
    return isConstant(node.left as SyntaxNode) && isConstant(node.right as SyntaxNode);
  return node.type === 'Literal' && (typeof node.value === 'number' || typeof node.value === 'string');
}

/** The constant, to stand where its name stood. The minifier works out what is computed. */
function textOf(init: SyntaxNode, code: string): string {
  const text = code.slice(init.start, init.end);
  return init.type === 'Literal' ? text : `(${text})`;
}
