// Moves functions of the program to where they are needed. Each function that exists costs Espruino 5 variables and one for each
// parameter, of 4095 in all: what makes an organ at boot need not outlive the boot, and what a handshake or a policy needs can come
// into being with it and go with it.
import { parse } from 'acorn';
import { type Binding, resolveNames, type Use } from './scopes.ts';
import { childrenOf, LOOPS, type SyntaxNode } from './syntax.ts';

/** Functions that run seldom: what only they use is declared inside them, at the price of some milliseconds a call. */
const SELDOM = new Set(
  `takeHandshake answerDaily answerPairing connected createPairing commit reveal confirm adopt checkPolicy takePolicy judge
  settle makeAdvertisement advertise endInterrupted rememberMessages policyChanged statusNow renewed remember hasSeen
  reset`.split(/\s+/),
);

/** True for the name of a function that runs seldom. */
export function isSeldom(name: string): boolean {
  return SELDOM.has(name);
}

interface Move {
  /** The declaration's place in the text. */
  start: number;
  end: number;
  /** Where it goes. */
  to: number;
  /** It replaces the name at `to` as an expression. */
  nameEnd?: number;
}

/** `code`, a script, with every function of its top level as deep inside as it can be without being made often. */
export function sinkFunctions(code: string): string {
  let before = '';
  let after = code;
  // A function that has moved may free another one to follow.
  while (after !== before) {
    before = after;
    after = moveOnce(before);
  }
  return after;
}

function moveOnce(code: string): string {
  const tree = parse(code, { ecmaVersion: 2022 }) as unknown as SyntaxNode;
  const usesOf = new Map<SyntaxNode, Use[]>();
  const callsItself = new Set<SyntaxNode>();
  const statements = tree.body as SyntaxNode[];
  for (const use of resolveNames(tree).uses) {
    const { binding } = use;
    const moving = binding.scope.owner === tree ? movable(binding, statements) : undefined;
    if (!moving) continue;
    // A function's uses of itself say nothing about who needs it.
    if (use.within.includes(moving)) {
      callsItself.add(moving);
      continue;
    }
    usesOf.set(moving, [...(usesOf.get(moving) ?? []), use]);
  }
  const moves: Move[] = [];
  for (const [declaration, uses] of usesOf) {
    const move = moveOf(declaration, uses, callsItself.has(declaration));
    if (move) moves.push(move);
  }
  return apply(code, moves);
}

/** What can move of a declaration of the top level: a function, or a table of constants that is alone in its statement. */
function movable({ body, declarator }: Binding, statements: SyntaxNode[]): SyntaxNode | undefined {
  if (body?.type === 'FunctionDeclaration') return body;
  if (!declarator || !isTable(declarator.init as SyntaxNode | null)) return undefined;
  return statements.find((statement) => {
    const all = statement.declarations as SyntaxNode[] | undefined;
    return all?.length === 1 && all[0] === declarator;
  });
}

function isTable(node: SyntaxNode | null): boolean {
  if (!node) return false;
  if (node.type === 'ArrayExpression') return (node.elements as SyntaxNode[]).every(isConstant);
  if (node.type !== 'ObjectExpression') return false;
  return (node.properties as SyntaxNode[]).every(({ value }) => isConstant(value as SyntaxNode));
}

function isConstant(node: SyntaxNode): boolean {
  if (node.type === 'BinaryExpression')
    return isConstant(node.left as SyntaxNode) && isConstant(node.right as SyntaxNode);
  return node.type === 'Literal' || isTable(node);
}

/** True if the use is in a loop, as far as that can be seen from the function around it. */
function isLooped({ node, owner }: Use): boolean {
  const inLoop = (at: SyntaxNode, isLoop: boolean): boolean =>
    at === node ? isLoop : childrenOf(at).some((child) => inLoop(child, isLoop || LOOPS.has(at.type)));
  return inLoop(owner, false);
}

function moveOf({ type, start, end }: SyntaxNode, uses: Use[], callsItself: boolean): Move | undefined {
  const [first] = uses;
  const isOnce =
    type === 'FunctionDeclaration' &&
    first &&
    uses.length === 1 &&
    first.isCall &&
    first.within.every(({ isCalledAtOnce }) => isCalledAtOnce) &&
    !isLooped(first);
  if (isOnce && !callsItself && first.node.start > end) {
    return { start, end, to: first.node.start, nameEnd: first.node.end };
  }
  const common = first?.within.filter((around) => uses.every(({ within }) => within.includes(around))) ?? [];
  // The innermost: what a step of something seldom needs is there for that step alone.
  const seldom = common.filter((around) => isSeldom(String(around.calledAs ?? ''))).at(-1);
  if (!seldom || (seldom.body as SyntaxNode).type !== 'BlockStatement') return undefined;
  return { start, end, to: (seldom.body as SyntaxNode).start + 1 };
}

/** Carries out those moves that do not touch each other; the others wait for the next round. */
function apply(code: string, moves: Move[]): string {
  const edits: { start: number; end: number; text: string }[] = [];
  const moved: Move[] = [];
  for (const move of moves) {
    if (moved.some((other) => isInside(move.to, other) || isInside(other.to, move))) continue;
    moved.push(move);
    const text = code.slice(move.start, move.end);
    edits.push({ start: move.start, end: move.end, text: '' });
    if (move.nameEnd === undefined) edits.push({ start: move.to, end: move.to, text: `${text}\n` });
    else edits.push({ start: move.to, end: move.nameEnd, text: `(${text})` });
  }
  // Stable: what goes to one place keeps its order.
  edits.sort((a, b) => a.start - b.start);
  let out = '';
  let at = 0;
  for (const { start, end, text } of edits) {
    out += code.slice(at, start) + text;
    at = end;
  }
  return out + code.slice(at);
}

function isInside(at: number, { start, end }: Move): boolean {
  return at > start && at < end;
}
