// Moves functions of the program to where they are needed. Each function that exists costs Espruino 5 variables and one for each
// parameter, of 4095 in all: what makes an organ at boot need not outlive the boot, and what a handshake or a policy needs can come
// into being with it and go with it.
import { parse } from 'acorn';
import { type Binding, resolveNames, type Scope, type Use } from './scopes.ts';
import { childrenOf, FUNCTIONS, LOOPS, type SyntaxNode } from './syntax.ts';

/** Functions that run seldom: what only they use is declared inside them, at the price of some milliseconds a call. */
const SELDOM = new Set(
  `takeHandshake answerDaily answerPairing connected createPairing commit reveal confirm adopt checkPolicy takePolicy judge
  settle makeAdvertisement advertise endInterrupted rememberMessages policyChanged statusNow renewed remember
  hasSeen lookAtClock reset takeOffer takeEnd offered check showHeart heldLong tidy poll change writeSeldom`.split(
    /\s+/,
  ),
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

/** `code`, a script, with every function as deep inside as it can be without being made often. */
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
  const inner = new Map<SyntaxNode, Binding>();
  const statements = tree.body as SyntaxNode[];
  const { uses: all } = resolveNames(tree);
  for (const use of all) {
    const { binding } = use;
    const isTop = binding.scope.owner === tree;
    const moving = isTop ? movable(binding, statements) : organFunction(binding);
    if (!moving) continue;
    if (!isTop) inner.set(moving, binding);
    // A function's uses of itself say nothing about who needs it.
    if (use.within.includes(moving)) {
      callsItself.add(moving);
      continue;
    }
    usesOf.set(moving, [...(usesOf.get(moving) ?? []), use]);
  }
  const moves: Move[] = [];
  for (const [declaration, uses] of usesOf) {
    const binding = inner.get(declaration);
    const move = binding
      ? moveInside(binding, uses, all)
      : moveOf(declaration, uses, callsItself.has(declaration));
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
  const seldom = seldomAround(uses);
  return seldom && { start, end, to: (seldom.body as SyntaxNode).start + 1 };
}

/** The innermost seldom function around all uses: what a step of something seldom needs is there for that step alone. */
function seldomAround(uses: Use[]): SyntaxNode | undefined {
  const common =
    uses[0]?.within.filter((around) => uses.every(({ within }) => within.includes(around))) ?? [];
  const seldom = common.filter((around) => isSeldom(String(around.calledAs ?? ''))).at(-1);
  return (seldom?.body as SyntaxNode | undefined)?.type === 'BlockStatement' ? seldom : undefined;
}

/** A function that an organ declares for itself. */
function organFunction({ body, scope }: Binding): SyntaxNode | undefined {
  return body?.type === 'FunctionDeclaration' && FUNCTIONS.has(scope.owner.type) ? body : undefined;
}

/** The move of an organ's function into a seldom one of the same organ, if all names still mean the same there. */
function moveInside({ body, scope }: Binding, uses: Use[], all: Use[]): Move | undefined {
  const moving = body!;
  const seldom = seldomAround(uses);
  if (!seldom || seldom === scope.owner || seldom.start < scope.owner.start) return undefined;
  const isOwn = ({ owner }: Scope): boolean => owner.start >= moving.start && owner.end <= moving.end;
  const needed = all.filter(({ within, binding }) => within.includes(moving) && !isOwn(binding.scope));
  let there: Scope | undefined = uses[0]!.scope;
  while (there && there.owner !== seldom) there = there.parent;
  for (; there && there !== scope; there = there.parent) {
    const names = there.names;
    if (needed.some(({ binding }) => names.has(binding.name))) return undefined;
  }
  return { start: moving.start, end: moving.end, to: (seldom.body as SyntaxNode).start + 1 };
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
