// The little that the gate needs to know about a syntax tree (ESTree, as acorn makes it).

/** A node; the fields that the gate reads, each where its type has it. */
export interface SyntaxNode {
  type: string;
  start: number;
  end: number;
  name?: string;
  value?: unknown;
  operator?: string;
  kind?: string;
  computed?: boolean;
  method?: boolean;
  shorthand?: boolean;
  async?: boolean;
  generator?: boolean;
  optional?: boolean;
  regex?: unknown;
  bigint?: unknown;
  [field: string]: unknown;
}

/** Types of nodes that are functions. */
export const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** Types of nodes whose inside may run many times. */
export const LOOPS = new Set(['ForStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement']);

/** Direct children, in the order of the text. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object' && typeof (child as SyntaxNode).type === 'string') {
        children.push(child as SyntaxNode);
      }
    }
  }
  return children.sort((a, b) => a.start - b.start);
}
