// Puts the body of a function that is called in one place into that place: a call costs Espruino some 15 thousand instructions, and the
// function itself 5 variables and one for each parameter. Only statements that are a call, or return one, and only where nothing can
// change: what is handed over is worked out first, and every name of the function is a new one.
import { parse } from 'acorn';
import { type Binding, resolveNames, type Scope, type Use } from './scopes.ts';
import { childrenOf, FUNCTIONS, type SyntaxNode } from './syntax.ts';

/** Longer ones stay functions: what is not carried out must be skipped, character by character. */
const BODY_CHARACTERS = 330;
/**
 * Functions that run for every packet or value. Espruino reads through what it does not carry out, a third as dear as carrying it out:
 * what these do not need each time stays outside, unless it is short.
 */
const OFTEN = new Set('pump join turn write writeFromSender takeData drain'.split(' '));
const SHORT_CHARACTERS = 130;
/** What has a name or a meaning of its own where it stands. */
const STAYING = new Set(['ThisExpression', 'CatchClause']);

interface Site {
  call: SyntaxNode;
  /** The whole statement. */
  statement: SyntaxNode;
}

/** `code`, a script, with functions that are called once in the place of the call; those that `stays` names are left. */
export function inlineBodies(code: string, stays: (name: string) => boolean): string {
  let before = '';
  let after = code;
  let count = 0;
  // One function at a time, as one may call another.
  while (after !== before) {
    before = after;
    after = inlineOne(before, stays, count++);
  }
  return after;
}

function inlineOne(code: string, stays: (name: string) => boolean, count: number): string {
  const tree = parse(code, { ecmaVersion: 2022 }) as unknown as SyntaxNode;
  const { uses } = resolveNames(tree);
  const usesOf = new Map<Binding, Use[]>();
  for (const use of uses) usesOf.set(use.binding, [...(usesOf.get(use.binding) ?? []), use]);
  const sites = new Map<SyntaxNode, Site>();
  findSites(tree, sites);
  for (const [binding, [use, ...more]] of usesOf) {
    const { body, name } = binding;
    if (body?.type !== 'FunctionDeclaration' || more.length > 0 || stays(name)) continue;
    const site = sites.get(use!.node);
    const around = use!.within.map(({ calledAs }) => String(calledAs ?? ''));
    const isOften = around.some((outer) => OFTEN.has(outer)) && !around.some(stays);
    if (!site || use!.within.includes(body)) continue;
    if (body.end - body.start > (isOften ? SHORT_CHARACTERS : BODY_CHARACTERS)) continue;
    const inside = uses.filter(({ within }) => within.includes(body));
    if (!canMove(body, inside, use!.scope)) continue;
    const text = bodyAt(site, body, inside, code, `$${count}`);
    if (text === undefined) continue;
    const edits = [
      { start: body.start, end: body.end, text: '' },
      { start: site.statement.start, end: site.statement.end, text },
    ];
    return edit(code, 0, code.length, edits);
  }
  return code;
}

/** Statements that are a call of a name, or return one, by the name. */
function findSites(statement: SyntaxNode, sites: Map<SyntaxNode, Site>): void {
  const call = (
    statement.type === 'ReturnStatement' ? statement.argument : statement.expression
  ) as SyntaxNode;
  if (/^(Return|Expression)Statement$/.test(statement.type) && call?.type === 'CallExpression')
    sites.set(call.callee as SyntaxNode, { call, statement });
  for (const child of childrenOf(statement)) findSites(child, sites);
}

/** True if the body makes no functions, catches nothing, and all that it names from outside means the same at `scope`. */
function canMove(body: SyntaxNode, inside: Use[], scope: Scope): boolean {
  const makes = (node: SyntaxNode): boolean =>
    childrenOf(node).some((child) => FUNCTIONS.has(child.type) || STAYING.has(child.type) || makes(child));
  if (makes(body)) return false;
  for (const { binding } of inside) {
    if (isOf(binding, body)) continue;
    for (let at: Scope | undefined = scope; at && at !== binding.scope; at = at.parent)
      if (at.names.has(binding.name)) return false;
  }
  return true;
}

/** True for a parameter or variable of `body` itself. */
function isOf({ scope }: Binding, body: SyntaxNode): boolean {
  return scope.owner === body;
}

/** The block that does what the call did; undefined where a `return` stands in the way. */
function bodyAt(
  { call, statement }: Site,
  body: SyntaxNode,
  inside: Use[],
  code: string,
  suffix: string,
): string | undefined {
  const isReturned = statement.type === 'ReturnStatement';
  const values = call.arguments as SyntaxNode[];
  const params = body.params as SyntaxNode[];
  const statements = (body.body as SyntaxNode).body as SyntaxNode[];
  if (values.length !== params.length) return undefined;
  if (isReturned && statements.at(-1)?.type !== 'ReturnStatement') return undefined;
  const edits: Edit[] = [];
  for (const { node, binding } of inside)
    if (isOf(binding, body)) edits.push({ start: node.end, end: node.end, text: suffix });
  const own = new Set(inside.filter(({ binding }) => isOf(binding, body)).map(({ binding }) => binding));
  for (const { declarator } of own) {
    const id = declarator?.id as SyntaxNode | undefined;
    if (id) edits.push({ start: id.end, end: id.end, text: suffix });
  }
  let out = '{';
  params.forEach(({ name }, i) => {
    out += `let ${name}${suffix} = ${code.slice(values[i]!.start, values[i]!.end)};`;
  });
  let close = '}';
  for (const [i, item] of statements.entries()) {
    const test = isReturned ? undefined : guardOf(item);
    if (test) {
      out += `if (!(${edit(code, test.start, test.end, edits)})) {`;
      close += '}';
    } else if (!isReturned && item.type === 'ReturnStatement' && i === statements.length - 1) {
      const value = item.argument as SyntaxNode | null;
      if (value) out += `${edit(code, value.start, value.end, edits)};`;
    } else if (!isReturned && returns(item)) return undefined;
    else out += edit(code, item.start, item.end, edits);
  }
  return out + close;
}

/** The condition of `if (condition) return;`. */
function guardOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type !== 'IfStatement' || node.alternate) return undefined;
  let then = node.consequent as SyntaxNode;
  const inner = then.body as SyntaxNode[] | undefined;
  if (inner?.length === 1) then = inner[0]!;
  return then.type === 'ReturnStatement' && !then.argument ? (node.test as SyntaxNode) : undefined;
}

function returns(node: SyntaxNode): boolean {
  return node.type === 'ReturnStatement' || childrenOf(node).some(returns);
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** `code[start, end)` with those of the edits that lie in it. */
function edit(code: string, start: number, end: number, edits: Edit[]): string {
  let out = '';
  let at = start;
  for (const item of edits
    .filter((one) => one.start >= start && one.end <= end)
    .sort((a, b) => a.start - b.start)) {
    out += code.slice(at, item.start) + item.text;
    at = item.end;
  }
  return out + code.slice(at, end);
}
