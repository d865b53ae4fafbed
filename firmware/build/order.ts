// Espruino does not hoist: a function or variable exists once its declaration has been executed. This check follows each body
// in the order of execution and complains of every name that is used before its declaration, directly or by a function that is
// called there; and of every name that is neither declared nor one of Espruino's. A function that is only handed on is taken to
// be called later: the run on the real interpreter proves it.
import { childrenOf, type SyntaxNode } from './syntax.ts';

/** Espruino's own names that the toy may use (firmware/espruino.d.ts declares the same). */
const GLOBALS = new Set(
  `Array ArrayBuffer E Error Math NRF Uint32Array Uint8Array analogRead clearInterval clearTimeout digitalRead digitalWrite
  getTime pinMode process require setInterval setTimeout setWatch undefined`.split(/\s+/),
);

type Complain = (node: SyntaxNode, what: string) => void;

interface Binding {
  /** Where the declaration has been executed. */
  from: number;
  scope: Scope;
  /** The function's own uses of outer names, for a binding that holds a function. */
  body?: SyntaxNode;
}

interface Scope {
  parent: Scope | undefined;
  /** The function that this scope belongs to: order counts within one. */
  owner: SyntaxNode;
  names: Map<string, Binding>;
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Complains of uses before declaration, and of unknown names, in the whole tree. */
export function checkOrder(tree: SyntaxNode, complain: Complain): void {
  const uses: { node: SyntaxNode; binding: Binding; owner: SyntaxNode; isCall: boolean }[] = [];
  const callees = new Set<SyntaxNode>();
  const usesOf = new Map<SyntaxNode, Set<Binding>>();

  const note = (node: SyntaxNode, scope: Scope, within: readonly SyntaxNode[]): void => {
    const binding = find(scope, node.name!);
    if (!binding) {
      if (!GLOBALS.has(node.name!)) complain(node, 'name that Espruino does not know');
      return;
    }
    uses.push({ node, binding, owner: scope.owner, isCall: callees.has(node) });
    for (const body of within) usesOf.get(body)!.add(binding);
  };

  const visit = (node: SyntaxNode, scope: Scope, within: readonly SyntaxNode[]): void => {
    if (FUNCTIONS.has(node.type)) {
      const inner = scopeOf(scope, node);
      for (const param of node.params as SyntaxNode[]) declare(inner, param, node.start);
      usesOf.set(node, new Set());
      declareAll(node.body as SyntaxNode, inner);
      for (const child of childrenOf(node.body as SyntaxNode)) visit(child, inner, [...within, node]);
      if ((node.body as SyntaxNode).type === 'Identifier')
        note(node.body as SyntaxNode, inner, [...within, node]);
      return;
    }
    if (node.type === 'CallExpression') callees.add(node.callee as SyntaxNode);
    if (node.type === 'Identifier') {
      note(node, scope, within);
      return;
    }
    const block = ['BlockStatement', 'ForStatement', 'ForInStatement', 'SwitchStatement', 'CatchClause'];
    let here = scope;
    if (block.includes(node.type)) {
      here = scopeOf(scope, scope.owner);
      if (node.type === 'CatchClause' && node.param) declare(here, node.param as SyntaxNode, node.start);
      declareAll(node, here);
    }
    for (const child of childrenOf(node)) if (!isName(node, child)) visit(child, here, within);
  };

  const root = scopeOf(undefined, tree);
  declareAll(tree, root);
  visit(tree, root, []);

  for (const { node, binding, owner, isCall } of uses) {
    if (owner !== binding.scope.owner) continue;
    if (node.start < binding.from) complain(node, 'used before its declaration (Espruino does not hoist)');
    for (const reached of isCall ? reach(binding, usesOf) : []) {
      if (reached.scope.owner === owner && node.end < reached.from && node.start >= binding.from) {
        complain(node, 'calls what uses a name that is declared further down (Espruino does not hoist)');
        break;
      }
    }
  }
}

/** Everything that a function may use, through the functions that it uses. */
function reach(
  binding: Binding,
  usesOf: Map<SyntaxNode, Set<Binding>>,
  seen = new Set<Binding>(),
): Set<Binding> {
  for (const next of (binding.body && usesOf.get(binding.body)) ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    reach(next, usesOf, seen);
  }
  return seen;
}

function scopeOf(parent: Scope | undefined, owner: SyntaxNode): Scope {
  return { parent, owner, names: new Map() };
}

function find(scope: Scope | undefined, name: string): Binding | undefined {
  for (let at = scope; at; at = at.parent) {
    const binding = at.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

function declare(scope: Scope, id: SyntaxNode, from: number, body?: SyntaxNode): void {
  if (id.type === 'Identifier') scope.names.set(id.name!, body ? { from, scope, body } : { from, scope });
}

/** Declares what the statements directly in `node` declare. */
function declareAll(node: SyntaxNode, scope: Scope): void {
  for (const child of childrenOf(node)) {
    if (child.type === 'FunctionDeclaration') declare(scope, child.id as SyntaxNode, child.end, child);
    if (child.type !== 'VariableDeclaration') {
      if (child.type === 'SwitchCase') declareAll(child, scope);
      continue;
    }
    for (const { id, init, end } of child.declarations as {
      id: SyntaxNode;
      init?: SyntaxNode;
      end: number;
    }[]) {
      declare(scope, id, end, init && FUNCTIONS.has(init.type) ? init : undefined);
    }
  }
}

/** True if `child` is a name that is written but not looked up: a property, a key, what is being declared. */
function isName(node: SyntaxNode, child: SyntaxNode): boolean {
  if (node.type === 'MemberExpression') return child === node.property && !node.computed;
  if (node.type === 'Property') return child === node.key;
  if (node.type === 'VariableDeclarator') return child === node.id;
  if (node.type === 'CatchClause') return child === node.param;
  return false;
}
