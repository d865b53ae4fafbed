// The gate for what esbuild lets through and Espruino's interpreter refuses or, worse, misreads in silence. It judges the
// finished bundle, so that nothing the minifier did escapes it. Ground: 301 snippets run on the real interpreter.
import { parse } from 'acorn';
import { GLOBAL_MEMBERS, MISSING_METHODS } from './members.ts';
import { checkOrder } from './order.ts';
import { childrenOf, FUNCTIONS, LOOPS, type SyntaxNode } from './syntax.ts';
import { checkText } from './text.ts';

/** Node types that Espruino executes as the language says. All others are complaints. */
const ALLOWED = new Set(
  `Program ExpressionStatement BlockStatement EmptyStatement VariableDeclaration VariableDeclarator FunctionDeclaration
  FunctionExpression ArrowFunctionExpression ReturnStatement IfStatement ForStatement WhileStatement DoWhileStatement
  BreakStatement ContinueStatement SwitchStatement SwitchCase TryStatement CatchClause ThrowStatement Identifier Literal
  TemplateLiteral TemplateElement ArrayExpression ObjectExpression Property UnaryExpression BinaryExpression
  LogicalExpression AssignmentExpression UpdateExpression ConditionalExpression SequenceExpression CallExpression
  NewExpression MemberExpression`.split(/\s+/),
);

/** Complaints about `code`, a whole script, in the order of the text; empty if Espruino runs it as written. */
export function checkSyntax(code: string): string[] {
  const complaints: string[] = [];
  const complain = (node: SyntaxNode, what: string): void => {
    complaints.push(`${what}: ${code.slice(node.start, Math.min(node.end, node.start + 60))}`);
  };
  let tree: SyntaxNode;
  try {
    tree = parse(code, { ecmaVersion: 2022, sourceType: 'script' }) as unknown as SyntaxNode;
  } catch (error) {
    return [`not a script: ${(error as Error).message}`];
  }
  // One walk; `loop` is true inside a loop's body as far as the next function.
  const walk = (node: SyntaxNode, loop: boolean): void => {
    checkNode(node, complain);
    if (loop && FUNCTIONS.has(node.type)) complain(node, 'closure made in a loop (sees the last turn only)');
    const inLoop = !FUNCTIONS.has(node.type) && (loop || LOOPS.has(node.type));
    for (const child of childrenOf(node)) walk(child, inLoop);
  };
  walk(tree, false);
  checkOrder(tree, complain);
  return [...complaints, ...checkText(code)];
}

function checkNode(node: SyntaxNode, complain: (node: SyntaxNode, what: string) => void): void {
  if (!ALLOWED.has(node.type)) complain(node, `${node.type} is not in Espruino's language`);
  if (node.async || node.generator) complain(node, 'async functions and generators');
  if (node.type === 'Property' && (node.computed || node.method || node.shorthand || node.kind !== 'init')) {
    complain(node, 'computed key, method, shorthand or accessor in an object literal');
  }
  if (node.type === 'Literal' && node.regex)
    complain(node, 'regular expression (half of their syntax fails in silence)');
  if (node.type === 'Literal' && node.bigint) complain(node, 'BigInt');
  if (node.type === 'BinaryExpression' && node.operator === '**') complain(node, 'exponent');
  if (node.type === 'AssignmentExpression') checkAssignment(node, complain);
  if ((node.type === 'BreakStatement' || node.type === 'ContinueStatement') && node.label)
    complain(node, 'label');
  if (node.optional) complain(node, 'optional chain');
  if (node.type === 'CallExpression' && MISSING_METHODS.has(nameOf(node.callee as SyntaxNode)))
    complain(node, 'a method that Espruino does not have');
  if (node.type === 'SwitchStatement') checkSwitch(node, complain);
  if (
    node.type === 'NewExpression' &&
    (node.callee as SyntaxNode).name === 'Error' &&
    (node.arguments as []).length > 1
  )
    complain(node, 'a fault with a cause (it is lost)');
  if (childrenOf(node).some((child) => child.name === 'Math' && !isPlainMath(node, child)))
    complain(node, 'Math by another name');
  if (node.type === 'MemberExpression') checkMember(node, complain);
}

function checkAssignment(node: SyntaxNode, complain: (node: SyntaxNode, what: string) => void): void {
  if (['**=', '&&=', '||=', '??='].includes(node.operator ?? ''))
    complain(node, 'logical or exponent assignment');
  const target = node.left as SyntaxNode;
  if (target.type === 'MemberExpression' && nameOf(target) === 'length')
    complain(node, 'assignment to a length');
}

function checkSwitch(node: SyntaxNode, complain: (node: SyntaxNode, what: string) => void): void {
  const cases = node.cases as SyntaxNode[];
  if (cases.slice(0, -1).some(({ test }) => test === null)) complain(node, 'a case after default');
}

function checkMember(node: SyntaxNode, complain: (node: SyntaxNode, what: string) => void): void {
  const owner = node.object as SyntaxNode;
  const name = nameOf(node);
  if (owner.name === 'Math' && name === 'random')
    complain(node, 'Math.random repeats itself after every boot');
  if (name === 'hwRand') complain(node, 'E.hwRand repeats itself after every boot');
  if (name === 'slice') complain(node, 'slice (a plain array, byte by byte)');
  if (name === 'prototype' || name === '__proto__') complain(node, 'prototypes');
  if (name === 'BYTES_PER_ELEMENT') complain(node, 'BYTES_PER_ELEMENT is undefined');
  const members = GLOBAL_MEMBERS.get(owner.type === 'Identifier' ? owner.name! : '');
  if (members !== undefined && !members.has(name)) complain(node, 'not in firmware/espruino.d.ts');
}

/** True for `Math.floor` and its like: any other use of Math could hide `Math.random`. */
function isPlainMath(node: SyntaxNode, math: SyntaxNode): boolean {
  return node.type === 'MemberExpression' && node.object === math && nameOf(node) !== '';
}

/** The property's name of a member expression; '' where it is computed at run time. */
function nameOf(node: SyntaxNode): string {
  if (node.type !== 'MemberExpression') return '';
  const property = node.property as SyntaxNode;
  if (!node.computed) return property.name ?? '';
  return typeof property.value === 'string' ? property.value : '';
}
