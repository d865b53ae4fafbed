// Espruino does not hoist: a function or variable exists once its declaration has been executed. This check follows each body
// in the order of execution and complains of every name that is used before its declaration, directly or by a function that is
// called there; and of every name that is neither declared nor one of Espruino's. A function that is only handed on is taken to
// be called later: the run on the real interpreter proves it.
import { type Binding, resolveNames } from './scopes.ts';
import type { SyntaxNode } from './syntax.ts';

/** Espruino's own names that the toy may use (firmware/espruino.d.ts declares the same). */
const GLOBALS = new Set(
  `ArrayBuffer E Error Math NRF Uint32Array Uint8Array analogRead clearInterval clearTimeout digitalRead digitalWrite
  getTime pinMode process require setInterval setTimeout setWatch undefined`.split(/\s+/),
);

/** Complains of uses before declaration, and of unknown names, in the whole tree. */
export function checkOrder(tree: SyntaxNode, complain: (node: SyntaxNode, what: string) => void): void {
  const { uses, unknown } = resolveNames(tree);
  for (const node of unknown) {
    if (!GLOBALS.has(node.name!)) complain(node, 'name that Espruino does not know');
  }
  const usesOf = new Map<SyntaxNode, Set<Binding>>();
  for (const { binding, within } of uses) {
    for (const body of within) {
      const used = usesOf.get(body);
      if (used) used.add(binding);
      else usesOf.set(body, new Set([binding]));
    }
  }
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
