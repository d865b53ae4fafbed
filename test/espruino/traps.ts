// What Espruino reads otherwise than the language says, as programs that set `r`: the syntax gate refuses each (test/firmware/traps.test.ts), and the real
// interpreter shows each to be a trap. Where the two are of one mind again, a rule of the gate may go.

export interface Trap {
  name: string;
  code: string;
}

const long = 'a'.repeat(64);

/** Refused, with reason. */
export const TRAPS: readonly Trap[] = [
  {
    name: 'a loop’s variable, closed over',
    code: 'var f = []; for (let i = 0; i < 3; i++) f.push(() => i); r = f[0]();',
  },
  { name: 'a call before the function', code: 'r = f(); function f() { return 3; }' },
  { name: 'a variable before its declaration', code: 'function f() { a = 5; var a; } f(); r = typeof a;' },
  {
    name: 'a function further down, after a return',
    code: 'function o() { return i(); function i() { return 1; } } r = o();',
  },
  {
    name: 'a label',
    code: 'r = 0; o: for (var i = 0; i < 3; i++) { for (;;) { if (i < 2) continue o; break o; } }',
  },
  { name: 'a default argument', code: 'r = (function (a = 3) { return a; })();' },
  { name: 'destructuring', code: 'var [a] = [1]; r = a;' },
  { name: 'spread', code: 'r = Math.max(...[1, 5]);' },
  { name: 'a rest argument', code: 'r = (function (...a) { return a.length; })(1, 2);' },
  { name: 'an optional chain', code: 'var o; r = o?.a;' },
  { name: 'logical assignment', code: 'var o; o ??= 5; r = o;' },
  { name: 'an exponent', code: 'r = 2 ** 8;' },
  { name: 'a computed key', code: 'var k = "z"; r = { [k]: 1 }.z;' },
  {
    name: 'a class that extends Error',
    code: 'class E1 extends Error { constructor(m) { super(m); } } r = new E1("hi").message;',
  },
  {
    name: 'a class three levels down',
    code: 'class A { m() { return 1; } } class B extends A { m() { return super.m(); } } class C extends B { m() { return super.m(); } } r = new C().m();',
  },
  { name: 'a generator', code: 'function* g() { yield 1; } r = g().next().value;' },
  { name: 'async', code: 'var f = async () => 1; r = typeof f;' },
  { name: 'BigInt', code: 'r = typeof 10n;' },
  { name: 'a template’s tag', code: 'function t(s) { return s[0]; } r = t`x`;' },
  { name: 'a pattern with a group', code: 'r = /(?:ab)+/.test("abab");' },
  { name: 'a length, assigned to', code: 'var a = [1, 2, 3]; a.length = 1; r = a.length;' },
  { name: 'slice of a typed array', code: 'r = new Uint8Array(2).slice(1) instanceof Uint8Array;' },
  { name: 'a method that is not there', code: 'r = [1, [2]].flat().length;' },
  { name: 'a function of Math that is not there', code: 'r = Math.trunc(1.5);' },
  { name: 'a static method that is not there', code: 'r = Uint8Array.from([1]).length;' },
  { name: 'the size of an element', code: 'r = Uint8Array.BYTES_PER_ELEMENT;' },
  { name: 'a global that is not there', code: 'r = typeof new Map();' },
  { name: 'keys that are numbers, in a loop', code: 'r = ""; for (var k in { b: 1, 2: 1, 1: 1 }) r += k;' },
  { name: 'a fault’s cause', code: 'r = new Error("a", { cause: 1 }).cause;' },
  { name: 'a case after default', code: 'switch (2) { default: r = 1; break; case 2: r = 2; }' },
  { name: 'a new line after return', code: 'r = (function () { return\n1; })();' },
  { name: 'a return before a brace', code: 'r = (function () { if (1) return })() === undefined;' },
  { name: 'a new line before an increment', code: 'var a = 1, b = 2; a\n++b; r = a + 10 * b;' },
  { name: 'a division after an increment', code: 'var i = 4, b = 2; r = i++/b/2;' },
  { name: 'a division after a keyword', code: 'var o = { in: 8, return: 4 }; r = o.in/2 + o.return/2;' },
  { name: 'a string that goes on in the next line', code: 'r = "a\\\nb";' },
  { name: 'an escape in braces', code: 'r = "\\u{41}";' },
  { name: 'a long name', code: `var ${long}1 = 1, ${long}2 = 2; r = ${long}1;` },
  { name: 'a name that is reserved there', code: 'r = (function (of) { return of; })(1);' },
  { name: 'a character that is not ASCII', code: 'r = "€".charCodeAt(0);' },
];

/** Near the traps, and read as the language says: the gate lets them through. */
export const FINE: readonly Trap[] = [
  {
    name: 'a variable of a turn, not closed over',
    code: 'r = 0; for (let i = 0; i < 3; i++) { const c = i; r += c; }',
  },
  {
    name: 'a closure over a block',
    code: 'function m(c) { if (c) { const x = c * 2; return () => x; } return () => 0; } r = m(2)() + m(3)();',
  },
  {
    name: 'default at the end',
    code: 'function s(x) { switch (x) { case 1: return 1; default: return 3; } } r = s(1) + s(2);',
  },
  { name: 'divisions', code: 'var a = [8], b = 2; r = a[0] / b / 2 + (a[0]) / b; a[0] /= 2; r += a[0];' },
  { name: 'an increment on a line of its own', code: 'var a = 1;\n++a;\nr = a;' },
  { name: 'a return without a value', code: 'r = (function () { if (1) return; })() === undefined;' },
  { name: 'numbers beyond 31 bits', code: 'r = (2147483647 + 1) + (4294967295 >>> 0) + (1 << 31);' },
  {
    name: 'a fault from deep inside',
    code: 'function a() { throw new Error("q"); } try { a(); r = 1; } catch (e) { r = e.message; }',
  },
  {
    name: 'what is skipped is not done',
    code: 'var n = 0; 0 && [n++]; 1 || n++; 0 ? n++ : 0; 1 ?? n++; r = n;',
  },
  {
    name: 'a typed array that takes a part of itself',
    code: 'var a = new Uint8Array(64); for (var i = 0; i < 64; i++) a[i] = i; a.set(a.subarray(0, 60), 4); r = a[63];',
  },
];
