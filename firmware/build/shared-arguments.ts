// Takes away the parameters of what is made once at power-on where they only give another name to what the whole program knows: each
// costs Espruino a variable for as long as the toy runs. Only for names that are never written, neither the one nor the other.
import { parse } from 'acorn';
import { type Binding, resolveNames, type Scope, type Use } from './scopes.ts';
import { childrenOf, FUNCTIONS, type SyntaxNode } from './syntax.ts';

/** `code`, a script after `sinkFunctions`, with its top level's names in the place of such parameters. */
export function shareArguments(code: string): string {
  let before = '';
  let after = code;
  while (after !== before) {
    before = after;
    after = shareOnce(before);
  }
  return after;
}

/** What is made once: a function that is called where it stands, on the way through the top level. */
function makersIn(node: SyntaxNode, found: SyntaxNode[] = []): SyntaxNode[] {
  const callee = node.callee as SyntaxNode | undefined;
  if (node.type === 'CallExpression' && FUNCTIONS.has(callee!.type)) {
    found.push(node);
    makersIn(callee!.body as SyntaxNode, found);
  }
  for (const child of childrenOf(node)) if (!FUNCTIONS.has(child.type)) makersIn(child, found);
  return found;
}

function shareOnce(code: string): string {
  const tree = parse(code, { ecmaVersion: 2022 }) as unknown as SyntaxNode;
  const { uses } = resolveNames(tree);
  const written = new Set<Binding>(uses.filter(({ isWrite }) => isWrite).map(({ binding }) => binding));
  const bindings = new Map(uses.map(({ node, binding }) => [node, binding]));
  const edits: { start: number; end: number; text: string }[] = [];
  let doneTo = 0;
  for (const call of makersIn(tree)) {
    // One that is made inside another waits for the next round.
    if (call.start < doneTo) continue;
    const maker = call.callee as SyntaxNode;
    const params = maker.params as SyntaxNode[];
    const values = call.arguments as SyntaxNode[];
    if (params.length !== values.length) continue;
    const inside = uses.filter(({ binding }) => binding.scope.owner === maker && !binding.declarator);
    const dropped = new Set<number>();
    for (const [index, { name }] of params.entries()) {
      const shared = bindings.get(values[index]!);
      if (!shared || shared.scope.owner !== tree || written.has(shared)) continue;
      const own = inside.filter(({ binding }) => binding.name === name);
      if (own.some((use) => written.has(use.binding) || !means(use, shared, maker, name!))) continue;
      dropped.add(index);
      for (const { node } of own) edits.push({ start: node.start, end: node.end, text: shared.name });
    }
    if (dropped.size === 0) continue;
    doneTo = call.end;
    for (const list of [params, values]) {
      const kept = list.filter((_, at) => !dropped.has(at)).map(({ start, end }) => code.slice(start, end));
      edits.push({ start: list[0]!.start, end: list.at(-1)!.end, text: kept.join(', ') });
    }
  }
  let out = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start))
    out = out.slice(0, start) + text + out.slice(end);
  return out;
}

/** True if the name of `shared`, written where `use` stands, would mean it once the parameter `dropped` is gone. */
function means(use: Use, shared: Binding, maker: SyntaxNode, dropped: string): boolean {
  for (let scope: Scope | undefined = use.scope; scope && scope !== shared.scope; scope = scope.parent) {
    const isDropped = scope.owner === maker && dropped === shared.name;
    if (scope.names.has(shared.name) && !isDropped) return false;
  }
  return true;
}
