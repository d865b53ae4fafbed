// Which declaration each name in a script means: as much scope analysis as the gate and the inliner need.
import { childrenOf, FUNCTIONS, type SyntaxNode } from './syntax.ts';

export interface Binding {
  name: string;
  /** Where the declaration has been executed: its end; for a function its own end. */
  from: number;
  scope: Scope;
  /** The function that it holds, if it is declared as one. */
  body?: SyntaxNode;
  /** The declarator, for a variable. */
  declarator?: SyntaxNode;
}

export interface Scope {
  parent: Scope | undefined;
  /** The function, or the script, that this scope belongs to. */
  owner: SyntaxNode;
  names: Map<string, Binding>;
}

export interface Use {
  node: SyntaxNode;
  binding: Binding;
  /** The innermost scope around the name. */
  scope: Scope;
  /** The function in which the name stands. */
  owner: SyntaxNode;
  /** All functions around it, outermost first. */
  within: readonly SyntaxNode[];
  isCall: boolean;
  isWrite: boolean;
}

export interface Names {
  uses: Use[];
  /** Names that are declared nowhere. */
  unknown: SyntaxNode[];
}

const BLOCKS = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'SwitchStatement',
  'CatchClause',
]);

/** Resolves every name that is looked up in `tree`; marks each function that is declared or is a property
 * with its name, `calledAs`, and each that is called where it stands, `isCalledAtOnce`. */
export function resolveNames(tree: SyntaxNode): Names {
  const names: Names = { uses: [], unknown: [] };
  const callees = new Set<SyntaxNode>();
  const writes = new Set<SyntaxNode>();

  const note = (node: SyntaxNode, scope: Scope, within: readonly SyntaxNode[]): void => {
    const binding = find(scope, node.name!);
    const isCall = callees.has(node);
    if (!binding) names.unknown.push(node);
    else
      names.uses.push({
        node,
        binding,
        scope,
        owner: scope.owner,
        within,
        isCall,
        isWrite: writes.has(node),
      });
  };

  const visit = (node: SyntaxNode, scope: Scope, within: readonly SyntaxNode[]): void => {
    if (FUNCTIONS.has(node.type)) {
      node.isCalledAtOnce = callees.has(node);
      if (node.id) node.calledAs = (node.id as SyntaxNode).name;
      const inner: Scope = { parent: scope, owner: node, names: new Map() };
      const body = node.body as SyntaxNode;
      for (const param of node.params as SyntaxNode[]) declare(inner, param, { from: node.start });
      if (body.type === 'BlockStatement') {
        declareAll(body, inner);
        for (const child of childrenOf(body)) visit(child, inner, [...within, node]);
      } else visit(body, inner, [...within, node]);
      return;
    }
    if (node.type === 'Property') (node.value as SyntaxNode).calledAs = (node.key as SyntaxNode).name;
    if (node.type === 'CallExpression') callees.add(node.callee as SyntaxNode);
    if (node.type === 'AssignmentExpression') writes.add(node.left as SyntaxNode);
    if (node.type === 'UpdateExpression') writes.add(node.argument as SyntaxNode);
    if (node.type === 'Identifier') {
      note(node, scope, within);
      return;
    }
    let here = scope;
    if (BLOCKS.has(node.type)) {
      here = { parent: scope, owner: scope.owner, names: new Map() };
      if (node.type === 'CatchClause' && node.param) {
        declare(here, node.param as SyntaxNode, { from: node.start });
      }
      declareAll(node, here);
    }
    for (const child of childrenOf(node)) if (!isName(node, child)) visit(child, here, within);
  };

  const root: Scope = { parent: undefined, owner: tree, names: new Map() };
  declareAll(tree, root);
  visit(tree, root, []);
  return names;
}

function find(scope: Scope | undefined, name: string): Binding | undefined {
  for (let at = scope; at; at = at.parent) {
    const binding = at.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

function declare(scope: Scope, id: SyntaxNode, details: Omit<Binding, 'name' | 'scope'>): void {
  if (id.type === 'Identifier') scope.names.set(id.name!, { name: id.name!, scope, ...details });
}

/** Declares what the statements directly in `node` declare. */
function declareAll(node: SyntaxNode, scope: Scope): void {
  for (const child of childrenOf(node)) {
    if (child.type === 'FunctionDeclaration') {
      declare(scope, child.id as SyntaxNode, { from: child.end, body: child });
    }
    if (child.type === 'SwitchCase') declareAll(child, scope);
    if (child.type !== 'VariableDeclaration') continue;
    for (const declarator of child.declarations as SyntaxNode[]) {
      const init = declarator.init as SyntaxNode | null;
      const body = init && FUNCTIONS.has(init.type) ? { body: init } : {};
      declare(scope, declarator.id as SyntaxNode, { from: declarator.end, declarator, ...body });
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
