// Writes state so that Espruino keeps it inside the name. A small number lies in the variable of its name, and `undefined` is a name
// alone; `true`, `false` and `null` take a variable more each, for as long as they are remembered. So `null` becomes `undefined`
// everywhere, and a yes or no that is stored becomes 1 or 0, unless something compares it by `===` or the interpreter is handed it.
import { parse } from 'acorn';
import { type Binding, resolveNames } from './scopes.ts';
import { childrenOf, type SyntaxNode } from './syntax.ts';

/** Where a value is stored: a variable, or any property of a name. */
type Store = Binding | string;

/** `code`, a script, with small values for what it stores; `isNative` names the properties that are not its own. */
export function storeSmall(code: string, isNative: RegExp): string {
  const tree = parse(code, { ecmaVersion: 2022 }) as unknown as SyntaxNode;
  const bindings = new Map<SyntaxNode, Binding>();
  for (const { node, binding } of resolveNames(tree).uses) {
    bindings.set(node, binding);
    if (binding.declarator) bindings.set(binding.declarator.id as SyntaxNode, binding);
  }
  const storeOf = (node: SyntaxNode): Store | undefined => {
    if (node.type === 'Identifier') return bindings.get(node);
    const property = node.property as SyntaxNode | undefined;
    return node.type === 'MemberExpression' && !node.computed ? property!.name : undefined;
  };
  const compared = new Set<Store | undefined>();
  const nulls: SyntaxNode[] = [];
  const stored: { store: Store | undefined; value: SyntaxNode }[] = [];
  const visit = (node: SyntaxNode): void => {
    const [left, right, init] = [node.left, node.right, node.init] as SyntaxNode[];
    if (node.type === 'BinaryExpression' && /^[=!]==$/.test(node.operator!))
      for (const side of [left!, right!]) compared.add(storeOf(side));
    if (node.type === 'AssignmentExpression') stored.push({ store: storeOf(left!), value: right! });
    if (node.type === 'VariableDeclarator' && init)
      stored.push({ store: storeOf(node.id as SyntaxNode), value: init });
    if (node.type === 'Property')
      stored.push({ store: (node.key as SyntaxNode).name, value: node.value as SyntaxNode });
    if (node.type === 'Literal' && node.raw === 'null') nulls.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(tree);
  const edits = nulls.map(({ start, end }) => ({ start, end, text: 'void 0' }));
  for (const { store, value } of stored) {
    if (value.type !== 'Literal' || typeof value.value !== 'boolean') continue;
    if (store === undefined || compared.has(store)) continue;
    if (typeof store === 'string' && isNative.test(store)) continue;
    edits.push({ start: value.start, end: value.end, text: value.value ? '1' : '0' });
  }
  let out = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start))
    out = out.slice(0, start) + text + out.slice(end);
  return out;
}
