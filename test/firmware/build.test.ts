// What ships builds, the same each time and small enough; what Espruino would misread does not build.
import { describe, expect, it } from 'vitest';
import { boardNames, buildToy, TOY_BYTES_LIMIT } from '#firmware/build/build.ts';
import { checkSyntax } from '#firmware/build/gate.ts';
import { inlineConstants } from '#firmware/build/inline.ts';
import { inlineBodies } from '#firmware/build/inline-bodies.ts';
import { inlineCalls } from '#firmware/build/inline-calls.ts';
import { shareArguments } from '#firmware/build/shared-arguments.ts';
import { sinkFunctions } from '#firmware/build/sink.ts';
import { storeSmall } from '#firmware/build/values.ts';
import { PROGRAM_SLOT_BYTES, PROGRAM_SLOTS } from '#protocol/program/slot.ts';
import { builtToy } from '#test/support/built-toys.ts';

describe('the build', () => {
  it('makes a small program for every board, the same each time', { timeout: 240_000 }, async () => {
    expect(boardNames()).toEqual([
      'atom-echo',
      'c3-plush',
      'c3-stock',
      'esp32-devkitc',
      'linux',
      's3-devkitc',
      't-circle-s3',
      'xiao-s3-sense',
    ]);
    for (const board of boardNames()) {
      const first = await builtToy(board);
      expect(first.bytes).toBeLessThanOrEqual(TOY_BYTES_LIMIT);
      // Anew, and mostly in another process.
      if (board.startsWith('c3-')) expect((await buildToy(board)).hash).toBe(first.hash);
      // Only its own radio.
      expect(first.code.includes('setServices')).toBe(board === 'c3-stock');
      expect(first.code.includes('"radio"')).toBe(board !== 'c3-stock');
    }
  });

  it('knows its boards', async () => {
    await expect(buildToy('../secrets')).rejects.toThrow(
      "no board '../secrets'; there are atom-echo, c3-plush, c3-stock,",
    );
  });

  it('has the same facts for every board', async () => {
    const facts = await Promise.all(boardNames().map((name) => import(`../../boards/${name}.ts`)));
    for (const board of facts) expect(Object.keys(board)).toEqual(Object.keys(facts[0]));
    for (const board of facts) {
      expect(board.CLIPS_ADDRESS + board.CLIP_SLOTS * 32 * 4096).toBeLessThanOrEqual(board.POLICY_ADDRESS);
      expect(board.POLICY_ADDRESS + 8192).toBeLessThanOrEqual(board.SETTINGS_ADDRESS);
      expect(board.SETTINGS_ADDRESS + 8192).toBeLessThanOrEqual(board.PROGRAMS_ADDRESS);
      expect(board.PROGRAMS_ADDRESS + PROGRAM_SLOTS * PROGRAM_SLOT_BYTES).toBe(board.FLASH_END);
      const areas = [
        board.CLIPS_ADDRESS,
        board.POLICY_ADDRESS,
        board.SETTINGS_ADDRESS,
        board.PROGRAMS_ADDRESS,
      ];
      expect(areas.every((at) => at % 4096 === 0)).toBe(true);
    }
    expect(new Set(facts.map((board) => board.BOARD_NUMBER)).size).toBe(facts.length);
  });
});

describe('the gate', () => {
  const refused: [string, string][] = [
    ['a label', 'a: for (;;) { break a }'],
    ['an exponent', 'var a = 2 ** 3;'],
    ['a class', 'class A {}'],
    ['a subclass of Error', 'class A extends Error {}'],
    ['a default argument', 'function f(a = 1) {}'],
    ['destructuring', 'var [a] = [1];'],
    ['a rest argument', 'function f(...a) {}'],
    ['spread', 'var a = [...[1]];'],
    ['for…of', 'for (var a of [1]) {}'],
    ['async', 'async function f() {}'],
    ['a generator', 'function* f() {}'],
    ['an optional chain', 'var a = E?.on;'],
    ['a method shorthand', 'var a = { f() {} };'],
    ['a computed key', 'var a = { ["b"]: 1 };'],
    ['a getter', 'var a = { get b() { return 1 } };'],
    ['a regular expression', 'var a = /(?:b)/;'],
    ['BigInt', 'var a = 1n;'],
    ['Math.random', 'Math.random();'],
    ['E.hwRand', 'E["hwRand"]();'],
    ['Math.random by its name', 'Math["random"]();'],
    ['Math under another name', 'var m = Math; m.random();'],
    ['Math handed on', 'f(Math);'],
    ['a name made at run time', 'Math["ran" + x]();'],
    ['hwRand under another name', 'var e = E; e.hwRand();'],
    ['a length assigned to', 'var a = []; a.length = 0;'],
    ['an unknown name', 'console.log(1);'],
    ['a call before the function', 'f(); function f() {}'],
    ['a use before the variable', 'var a = b; var b = 1;'],
    ['a call that reaches what is not there yet', 'function f() { return g() } f(); function g() {}'],
    ['the same inside a function', 'function h() { f(); function f() {} } h();'],
    ['a closure made in a loop', 'for (let i = 0; i < 3; i++) setTimeout(() => i, 1);'],
    ['logical assignment', 'var a; a ??= 1;'],
    ['a template tag', 'function f() {} f`a`;'],
  ];
  for (const [what, code] of refused) {
    it(`refuses ${what}`, () => {
      expect(checkSyntax(code)).not.toEqual([]);
    });
  }

  it('lets through what Espruino runs', () => {
    const fine = `function g() { return f ? 1 : 2 } function f(a) { let b = 0; for (let i = 0; i < a; i++) { const c = i; b += c } return b }
      var h = { a: (x) => x ?? 1, b: function () { return g() } }; try { h.a(f(3)) } catch { h.b() } switch (f(1)) { case 1: break; default: }
      function later() { setTimeout(later, 10); last() } function last() { return \`\${h.a(1)}\` } later();`;
    expect(checkSyntax(fine)).toEqual([]);
  });
});

describe('the passes over the program', () => {
  it('put constants where they are used, but not over another of the same name', () => {
    const code =
      'var A = 5; var B = 1; function f(A) { return A } function g() { return A } B = 2; f(A); g(B);';
    expect(inlineConstants(code)).toContain('function f(A) { return A }');
    expect(inlineConstants(code)).toContain('function g() { return 5 }');
    expect(inlineConstants(code)).toContain('f(5); g(B);');
  });

  it('put computed constants where they are used', () => {
    const code = 'var A = -1; var B = A + 17; var C = B; function f() { return C + A } f();';
    // biome-ignore lint/security/noGlobalEval: the passes must not change what a program does.
    expect(eval(inlineConstants(code))).toBe(15);
    expect(inlineConstants(code)).toContain('return ((-1) + 17) + (-1)');
  });

  it('put small functions inside others where they are called', () => {
    const code = 'function outer(t) { function now() { return t * 2 } return now() + now() } outer(4);';
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(inlineCalls(code))).toBe(16);
    expect(inlineCalls(code)).toContain('return ((t) * 2) + ((t) * 2)'.replace(/\(t\)/g, 't'));
  });

  const never = () => false;

  it('put the body of what one statement calls in its place', () => {
    const code = `var log = []; var b = 1;
function note(a, c) { if (a > 5) return; const b = a + c; log.push(b); }
function pick(a) { if (a) return 'yes'; return 'no'; }
function f(a) { note(a + 1, b); return pick(a - 1); }
log.push(f(1), f(2), f(9)); log.join();`;
    const moved = inlineBodies(code, never);
    expect(moved).not.toMatch(/function (note|pick)/);
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(moved)).toBe(eval(code));
  });

  it('leave a function whose place would change what it does', () => {
    const left = [
      // Called twice, handed on, told to stay.
      'function n(a) { o.x = a } n(1); n(2);',
      'function n(a) { o.x = a } n(1); g(n);',
      'function stays(a) { o.x = a } stays(1);',
      // Its value is used, or it returns from the middle.
      'function n(a) { return a + 1 } var b = n(1);',
      'function n(a) { if (a) { o.x = 1; return; } o.y = 1 } n(1);',
      'function n(a) { if (a) return 1 } function f() { return n(2) } f(); f();',
      // Makes a function; names what is another thing where it is called.
      'function n(a) { o.x = () => a } n(1);',
      'var y = 1; function n() { o.x = y } function f(y) { n(); } f(2); f(3);',
    ];
    for (const code of left) expect(inlineBodies(code, (name) => name === 'stays')).toBe(code);
  });

  it('move what only one place needs', () => {
    const code = `function u() { return 1 } function once() { return u() } function both() {} function takeHandshake() { return u() + both() }
var a = once(); takeHandshake(); both();`;
    const sunk = sinkFunctions(code);
    expect(sunk).toContain('var a = (function once() { return u() })();');
    expect(sunk).toMatch(/^function u\(\) \{ return 1 \}/);
    expect(sunk).toMatch(/function both\(\) \{\}/);
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(`${sunk}; a`)).toBe(1);
  });

  it('move what a part of the program needs while it is made, but not into a loop', () => {
    const code = `function make(a) { return { a: a } } function each(a) { return a }
var organ = (function (t) { const state = make(t); for (let i = 0; i < 2; i++) state.a += each(i); return state })(3); organ.a;`;
    const sunk = sinkFunctions(code);
    expect(sunk).toContain('const state = (function make(a) { return { a: a } })(t)');
    expect(sunk).toMatch(/^ function each/);
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(sunk)).toBe(4);
  });

  it('move helpers and tables into functions that run seldom', () => {
    const code =
      'var T = [1, [2]]; function n() { return T[0] } function takeHandshake() { return n() } var a = takeHandshake(); takeHandshake();';
    const sunk = sinkFunctions(code);
    expect(sunk.trim()).toMatch(/^function takeHandshake\(\) \{/);
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(`${sunk}; a`)).toBe(1);
  });

  it('move what one seldom function of an organ needs into it, where its names mean the same', () => {
    const code = `const organ = (function () { let n = 1; function once(a) { return a + n } function both() { n = n + 1 } function offered(b) { both(); return once(b) }
return { offered: offered, both: both } })(); organ.both(); organ.offered(4);`;
    const sunk = sinkFunctions(code);
    expect(sunk).toMatch(/function offered\(b\) \{\s*function once\(a\)/);
    expect(sunk).toMatch(/let n = 1; {2}function both/);
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(sunk)).toBe(eval(code));
    const shadowed = `const o = (function () { const n = 1; function once() { return n } function offered(n) { return once() + n } return offered })(); o(2);`;
    expect(sinkFunctions(shadowed)).toBe(shadowed);
  });

  it('take away parameters that only rename what the whole program knows', () => {
    const code = `const clock = { t: 4 }; let later = 1; later = 2;
const organ = (function createOrgan(clock, now, own, other) { const twice = (function createTwice(c) { return () => c.t * 2 })(clock);
  return () => clock.t + now.t + own + other + twice() })(clock, clock, later, 3); organ();`;
    const shared = shareArguments(code);
    expect(shared).toContain('function createOrgan(own, other)');
    expect(shared).toContain('(later, 3)');
    expect(shared).toContain('function createTwice()');
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(shared)).toBe(eval(code));
  });

  it('leave a parameter whose name would mean another thing', () => {
    const left = [
      'const a = 1; const b = (function f(p) { const a = 2; return p + a })(a);',
      'const a = 1; const b = (function f(p) { p = 2; return p })(a);',
      'let a = 1; const b = (function f(p) { return () => p })(a); a = 2;',
      'const a = 1; const b = 2; const c = (function f(b, a) { return b - a })(a, b);',
    ];
    for (const code of left) expect(shareArguments(code)).toBe(code);
  });

  it('store yes and no as numbers, and nothing as undefined', () => {
    const code = `let a = true, n = null; const o = { b: false, c: a === true, repeat: true }; o.b = true; function f() { return true }
(n === null) === (o.b === 1 || o.b === true) && f() === true;`;
    const small = storeSmall(code, /^repeat$/);
    // Those that something is compared with by === keep their kind.
    expect(small).toContain('let a = true, n = void 0; const o = { b: false, c: a === true, repeat: true }');
    expect(storeSmall('let a = true; a = false; const o = { b: a }; o.b = true;', /^x$/)).toBe(
      'let a = 1; a = 0; const o = { b: a }; o.b = 1;',
    );
    // biome-ignore lint/security/noGlobalEval: as above.
    expect(eval(small)).toBe(eval(code));
  });
});
