// What every implementation of Primitives must do, as toy-safe functions: the same list runs in Node and in Espruino, where each check
// returns '' or what went wrong. They use all sixteen slots and leave them empty. Known answers: the RFCs named, else Python's hashlib
// and hmac and OpenSSL's ChaCha20-Poly1305.
import type { Primitives } from '#protocol/link/primitives.ts';
import { counting, differs, toHex } from './bytes-hex.ts';
import type { Check } from './check.ts';
import { holds, refuses } from './check.ts';
import { CURVE_CHECKS } from './curve-checks.ts';
import { HASH_CHECKS } from './hash-checks.ts';

const NOTHING = new Uint8Array(0);
function aead(p: Primitives): string {
  let wrong = '';
  const ad = counting(0x40, 64);
  p.load(11, counting(0x10, 32));
  const buffer = new Uint8Array(100);
  buffer.fill(0xee);
  buffer.set(counting(0, 21), 3);
  p.seal(11, 0, NOTHING, buffer, 3, 21);
  const first = 'eeeeee081b1611ea77e7831463401007c06e11297d67cc4fad35e9b797c29083931c7285bb030dbbeeee';
  wrong += differs('seal at an offset', buffer.subarray(0, 42), first);
  if (!p.open(11, 0, NOTHING, buffer, 3, 37)) wrong += 'open says no; ';
  wrong += differs('opened', buffer.subarray(0, 24), `eeeeee${toHex(counting(0, 21))}`);
  wrong += differs('after it', buffer.subarray(40, 42), 'eeee');

  // The highest number of any record: above 2^31, where an implementation may slip into signed integers.
  buffer.set(counting(0, 70), 0);
  p.seal(11, 0xfffeffff, ad, buffer, 0, 70);
  wrong += differs(
    'seal of the last number',
    buffer.subarray(0, 86),
    'fac2349fb2764fa626b08a538cb590d6343f55078ed5d2540fcc2ebf4e371e2a2bffb2d74c1ace0abedccffa4ddf2f4006bbc6baf00d5a2a2ecccaf18f1919144e33e77fa10b6773ab349e3e85aff4c997542048710a',
  );
  if (!p.open(11, 0xfffeffff, ad, buffer, 0, 86)) wrong += 'open of the last number says no; ';
  p.seal(11, 7, ad, buffer, 50, 0);
  wrong += differs('seal of nothing', buffer.subarray(50, 66), 'bb0017fae9b61c00b44fd52749301da5');
  if (!p.open(11, 7, ad, buffer, 50, 16)) wrong += 'open of nothing says no; ';
  return wrong;
}

function forgeries(p: Primitives): string {
  let wrong = '';
  const ad = counting(1, 8);
  p.load(11, counting(0x10, 32));
  p.load(12, counting(0x11, 32));
  const sealed = new Uint8Array(40);
  const copy = new Uint8Array(40);
  sealed.set(counting(0, 24));
  p.seal(11, 5, ad, sealed, 0, 24);
  for (let i = 0; i < 40; i += 3) {
    copy.set(sealed);
    copy[i]! ^= 1 << (i & 7);
    wrong += refuses(`a flip in byte ${i}`, p.open(11, 5, ad, copy, 0, 40));
  }
  copy.set(sealed);
  wrong += refuses('another number', p.open(11, 6, ad, copy, 0, 40));
  copy.set(sealed);
  wrong += refuses('another key', p.open(12, 5, ad, copy, 0, 40));
  copy.set(sealed);
  wrong += refuses('other data', p.open(11, 5, counting(2, 8), copy, 0, 40));
  copy.set(sealed);
  wrong += refuses('a cut', p.open(11, 5, ad, copy, 0, 39));
  wrong += refuses('less than a tag', p.open(11, 5, ad, copy, 0, 15));
  wrong += refuses('no bytes', p.open(11, 5, ad, copy, 0, 0));
  copy.set(sealed);
  return p.open(11, 5, ad, copy, 0, 40) ? wrong : `${wrong}the true one is refused; `;
}

function secrets(p: Primitives): string {
  p.load(11, counting(0x10, 32));
  p.load(13, counting(0xa0, 64));
  const buffer = new Uint8Array(60);
  buffer.set(counting(0, 37), 4);
  p.sealSecret(11, 9, NOTHING, buffer, 4, 37, 13);
  if (!p.open(11, 9, NOTHING, buffer, 4, 53)) return 'open says no; ';
  return differs('opened', buffer.subarray(4, 41), `0001020304${toHex(counting(0xa0, 32))}`);
}

function rekeying(p: Primitives): string {
  p.load(11, counting(0x10, 64));
  p.rekey(11);
  return holds(p, 11, '5658231b4f20779f67dc9a1782c1ba0fd74cedaf95b945104c3cce2a8f5e842b');
}

function slots(p: Primitives): string {
  let wrong = '';
  const macs: string[] = [];
  const out = new Uint8Array(16);
  for (let slot = 0; slot < 16; slot++) p.load(slot, counting(slot, slot & 1 ? 64 : 32));
  for (let slot = 0; slot < 16; slot++) {
    if (!p.has(slot)) wrong += `slot ${slot} is empty; `;
    p.mac(out, slot, NOTHING, NOTHING);
    const mac = toHex(out);
    if (macs.indexOf(mac) >= 0) wrong += `slot ${slot} is another's; `;
    macs.push(mac);
  }
  p.copy(3, 9);
  p.mac(out, 9, NOTHING, NOTHING);
  wrong += differs('copy', out, macs[3]!);
  p.mac(out, 3, NOTHING, NOTHING);
  wrong += differs('copied', out, macs[3]!);
  // The second halves were copied as well: both chains mix alike.
  p.mixKey(3, 1, 10);
  p.mixKey(9, 1, 11);
  const a = new Uint8Array(16);
  p.mac(a, 10, NOTHING, NOTHING);
  p.mac(out, 11, NOTHING, NOTHING);
  wrong += differs('mix of a copy', out, toHex(a));
  p.clear(5);
  if (p.has(5)) wrong += 'clear leaves something; ';
  p.mac(out, 4, NOTHING, NOTHING);
  wrong += differs('slot below the cleared', out, macs[4]!);
  p.mac(out, 6, NOTHING, NOTHING);
  wrong += differs('slot above the cleared', out, macs[6]!);
  const upper = new Uint8Array(64);
  upper[63] = 1;
  p.load(5, upper);
  if (!p.has(5)) wrong += 'has does not see the last byte; ';
  p.load(5, new Uint8Array(32));
  if (p.has(5)) wrong += 'has sees zeros; ';
  // What was loaded is a copy.
  const bytes = counting(1, 32);
  p.load(5, bytes);
  bytes.fill(9);
  return wrong + holds(p, 5, toHex(counting(1, 32)));
}

function randomness(p: Primitives): string {
  let wrong = '';
  const a = new Uint8Array(64);
  const b = new Uint8Array(64);
  p.random(a);
  p.random(b);
  if (toHex(a) === toHex(b)) wrong += 'random repeats itself; ';
  let zeros = 0;
  for (let i = 0; i < 64; i++) if (a[i] === 0) zeros++;
  // More than 8 zeros of 64 bytes: less than one in 10^8.
  if (zeros > 8) wrong += 'random leaves zeros; ';
  p.load(8, counting(0, 64));
  p.generate(8);
  p.publicKey(8, a.subarray(0, 32));
  p.generate(8);
  p.publicKey(8, a.subarray(32));
  if (toHex(a.subarray(0, 32)) === toHex(a.subarray(32))) wrong += 'generate repeats itself; ';
  return p.has(8) ? wrong : `${wrong}generate leaves nothing; `;
}

const SEALING_CHECKS: Check[] = [
  { name: 'ChaCha20-Poly1305: in place at an offset, high numbers, nothing', run: aead },
  { name: 'ChaCha20-Poly1305: forgeries are refused', run: forgeries },
  { name: 'sealSecret: a slot leaves only sealed', run: secrets },
  { name: 'Noise REKEY', run: rekeying },
  { name: 'slots are apart, whole and copies', run: slots },
  { name: 'random and generate', run: randomness },
];

export const PRIMITIVE_CHECKS: Check[] = CURVE_CHECKS.concat(HASH_CHECKS, SEALING_CHECKS);

/** Runs all checks; returns one line for each that failed. Leaves all slots empty. */
export function primitivesFailures(p: Primitives): string[] {
  const failures: string[] = [];
  for (let i = 0; i < PRIMITIVE_CHECKS.length; i++) {
    const wrong = PRIMITIVE_CHECKS[i]!.run(p);
    if (wrong !== '') failures.push(`${PRIMITIVE_CHECKS[i]!.name}: ${wrong}`);
    for (let slot = 0; slot < 16; slot++) p.clear(slot);
  }
  return failures;
}
