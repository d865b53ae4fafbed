// Puts what a small function returns in the place of its calls: a call costs Espruino some 15 thousand instructions, and the function
// itself 5 variables and one for each parameter. Only functions that are one `return`, and only where nothing can change: the values
// handed over are names, numbers and sums of them, and no name in the function means another thing where it is called.
import { parse } from 'acorn';
import { type Binding, resolveNames, type Scope, type Use } from './scopes.ts';
import { childrenOf, type SyntaxNode } from './syntax.ts';

/** Longer ones stay functions: the program would grow. */
const EXPRESSION_CHARACTERS = 60;

interface Small {
  params: string[];
  expression: SyntaxNode;
  /** Names in the expression that are not parameters. */
  outer: Set<string>;
}

/** `code`, a script, with the calls of its small functions replaced; the functions themselves are left for the minifier to drop. */
export function inlineCalls(code: string): string {
  let before = '';
  let after = code;
  // One function at a time, as one may call another.
  while (after !== before) {
    before = after;
    after = inlineOne(before);
  }
  return after;
}

function inlineOne(code: string): string {
  const tree = parse(code, { ecmaVersion: 2022 }) as unknown as SyntaxNode;
  const usesOf = new Map<Binding, Use[]>();
  for (const use of resolveNames(tree).uses) {
    if (use.binding.body?.type === 'FunctionDeclaration') {
      usesOf.set(use.binding, [...(usesOf.get(use.binding) ?? []), use]);
    }
  }
  const calls = new Map<SyntaxNode, SyntaxNode>();
  findCalls(tree, calls);
  for (const [binding, uses] of usesOf) {
    const small = smallOf(binding.body!, code);
    if (!small || !uses.every((use) => canInline(use, small, binding, calls))) continue;
    const edits = uses.map((use) => {
      const call = calls.get(use.node)!;
      return { start: call.start, end: call.end, text: textOf(small, call.arguments as SyntaxNode[], code) };
    });
    // A call inside another's argument waits for the next round.
    const apart = edits.filter(
      (edit) => !edits.some((other) => other !== edit && other.start <= edit.start && other.end >= edit.end),
    );
    let out = code;
    for (const { start, end, text } of apart.sort((a, b) => b.start - a.start))
      out = out.slice(0, start) + text + out.slice(end);
    return out;
  }
  return code;
}

/** Calls, by the name that is called. */
function findCalls(node: SyntaxNode, calls: Map<SyntaxNode, SyntaxNode>): void {
  if (node.type === 'CallExpression') calls.set(node.callee as SyntaxNode, node);
  for (const child of childrenOf(node)) findCalls(child, calls);
}

function smallOf(declaration: SyntaxNode, code: string): Small | undefined {
  const statements = (declaration.body as SyntaxNode).body as SyntaxNode[];
  const [only] = statements;
  if (statements.length !== 1 || only?.type !== 'ReturnStatement' || !only.argument) return undefined;
  const expression = only.argument as SyntaxNode;
  const text = code.slice(expression.start, expression.end);
  if (text.length > EXPRESSION_CHARACTERS || /=>|function|[^=!<>]=[^=]|\+\+|--/.test(text)) return undefined;
  const params = (declaration.params as SyntaxNode[]).map(({ name }) => name!);
  const names = new Set<string>();
  namesIn(expression, (node) => names.add(node.name!));
  for (const param of params) names.delete(param);
  return { params, expression, outer: names };
}

function canInline(use: Use, small: Small, binding: Binding, calls: Map<SyntaxNode, SyntaxNode>): boolean {
  const call = calls.get(use.node);
  if (!call || use.within.includes(binding.body!)) return false;
  const values = call.arguments as SyntaxNode[];
  if (values.length !== small.params.length || !values.every(isPlain)) return false;
  for (let scope: Scope | undefined = use.scope; scope && scope !== binding.scope; scope = scope.parent) {
    for (const name of small.outer) if (scope.names.has(name)) return false;
  }
  return true;
}

/** A value that may be looked at later, or twice, or never, and is the same. */
function isPlain(node: SyntaxNode): boolean {
  if (node.type === 'Identifier' || node.type === 'Literal') return true;
  if (node.type === 'MemberExpression') return !node.computed && isPlain(node.object as SyntaxNode);
  return (
    node.type === 'BinaryExpression' && isPlain(node.left as SyntaxNode) && isPlain(node.right as SyntaxNode)
  );
}

/** Visits the names that an expression looks up. */
function namesIn(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  if (node.type === 'Identifier') visit(node);
  for (const child of childrenOf(node)) {
    const isKey = node.type === 'MemberExpression' && child === node.property && !node.computed;
    if (!isKey && !(node.type === 'Property' && child === node.key)) namesIn(child, visit);
  }
}

function textOf({ params, expression }: Small, values: SyntaxNode[], code: string): string {
  const edits: { start: number; end: number; text: string }[] = [];
  namesIn(expression, ({ name, start, end }) => {
    const value = values[params.indexOf(name!)];
    if (value) edits.push({ start, end, text: `(${code.slice(value.start, value.end)})` });
  });
  let text = code.slice(expression.start, expression.end);
  for (const { start, end, text: value } of edits.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start - expression.start) + value + text.slice(end - expression.start);
  }
  return `(${text})`;
}
