// What every implementation of Primitives must do, as toy-safe functions: the same list runs in Node and in Espruino, where each check
// returns '' or what went wrong. They use all sixteen slots and leave them empty. Known answers: the RFCs named, else Python's hashlib
// and hmac and OpenSSL's ChaCha20-Poly1305.
import type { Primitives } from '#protocol/link/primitives.ts';
import { counting, differs, fromHex, toHex } from './bytes-hex.ts';

export interface Check {
  name: string;
  /** '' if all is well, else what is wrong. */
  run: (p: Primitives) => string;
}

const NOTHING = new Uint8Array(0);
const HINT_CONTEXT = '706177706f7374312f68696e74';
const BOB_PUBLIC = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
// RFC 8032 section 7.1, tests 1 to 3: key, message, signature.
const SIGNATURES = [
  'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  '',
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  '72',
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
  'af82',
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
];
// The order of the Ed25519 group, little-endian: S + L is the same signature to a careless verifier.
const ORDER = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
const BLAKE2B_ABC =
  'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923';

/** The slot's first 32 bytes, compared without reading them: both keys must MAC alike. Uses slot 7. */
function holds(p: Primitives, slot: number, expected: string): string {
  const a = new Uint8Array(32);
  const b = new Uint8Array(32);
  p.mac(a, slot, NOTHING, NOTHING);
  p.load(7, fromHex(expected));
  p.mac(b, 7, NOTHING, NOTHING);
  p.clear(7);
  return toHex(a) === toHex(b) ? '' : `slot ${slot} does not hold ${expected}; `;
}

function refuses(what: string, isAccepted: boolean): string {
  return isAccepted ? `${what} is accepted; ` : '';
}

function x25519(p: Primitives): string {
  const out = new Uint8Array(32);
  let wrong = '';
  p.load(8, fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
  p.publicKey(8, out);
  wrong += differs('publicKey', out, '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
  if (!p.dh(8, fromHex(BOB_PUBLIC), 9)) wrong += 'dh says no; ';
  wrong += holds(p, 9, '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
  p.load(8, fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'));
  if (!p.dh(8, fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'), 9))
    wrong += 'dh says no; ';
  wrong += holds(p, 9, 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
  // The second u-coordinate of section 5.2 has its unused top bit set.
  p.load(8, fromHex('4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d'));
  if (!p.dh(8, fromHex('e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493'), 8))
    wrong += 'dh says no; ';
  return wrong + holds(p, 8, '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957');
}

function smallOrder(p: Primitives): string {
  let wrong = '';
  p.load(8, counting(1, 32));
  for (let i = 0; i < SMALL_ORDER.length; i++) {
    p.load(9, counting(9, 64));
    wrong += refuses(`point ${i}`, p.dh(8, fromHex(SMALL_ORDER[i]!), 9));
    if (p.has(9)) wrong += `slot not cleared for point ${i}; `;
  }
  return wrong;
}

function ed25519(p: Primitives): string {
  let wrong = '';
  for (let i = 0; i < SIGNATURES.length; i += 3) {
    const key = fromHex(SIGNATURES[i]!);
    const message = fromHex(SIGNATURES[i + 1]!);
    const signature = fromHex(SIGNATURES[i + 2]!);
    if (!p.verify(signature, message, key)) wrong += `test ${i / 3 + 1} is refused; `;
    key[3]! ^= 4;
    wrong += refuses('another key', p.verify(signature, message, key));
    key[3]! ^= 4;
    signature[5]! ^= 1;
    wrong += refuses('another R', p.verify(signature, message, key));
    signature[5]! ^= 1;
    signature[40]! ^= 128;
    wrong += refuses('another S', p.verify(signature, message, key));
    signature[40]! ^= 128;
    wrong += refuses('another message', p.verify(signature, fromHex('7273'), key));
    const order = fromHex(ORDER);
    let carry = 0;
    for (let j = 0; j < 32; j++) {
      carry += signature[32 + j]! + order[j]!;
      signature[32 + j] = carry & 255;
      carry >>= 8;
    }
    wrong += refuses('S + L', p.verify(signature, message, key));
  }
  // With the neutral element as key and R, and S = 0, a verifier that takes small orders takes every message.
  const forged = new Uint8Array(64);
  forged[0] = 1;
  return wrong + refuses('a key of small order', p.verify(forged, fromHex('00'), fromHex(SMALL_ORDER[1]!)));
}

function blake2b(p: Primitives): string {
  let wrong = '';
  const abc = fromHex('616263');
  for (let cut = 0; cut <= 3; cut++) {
    const out = new Uint8Array(64);
    p.hash(out, abc.subarray(0, cut), abc.subarray(cut));
    wrong += differs(`"abc" cut at ${cut}`, out, BLAKE2B_ABC);
  }
  const sizes = [
    'ae1e',
    'd8bb14d833d59559',
    'cf4ab791c62b8d2b2109c90275287816',
    'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
  ];
  for (let i = 0; i < sizes.length; i++) {
    const out = new Uint8Array(sizes[i]!.length / 2);
    p.hash(out, abc, NOTHING);
    wrong += differs('hash', out, sizes[i]!);
  }
  const chained = new Uint8Array(64);
  const once = new Uint8Array(64);
  const joined = new Uint8Array(67);
  chained.set(counting(7, 64));
  joined.set(chained);
  joined.set(abc, 64);
  p.hash(once, joined, NOTHING);
  p.hash(chained, chained, abc);
  return wrong + differs('hash over its own input', chained, toHex(once));
}

function keyedBlake2b(p: Primitives): string {
  const macs = [
    'f695cfd8',
    '925218ef4a04dd8b',
    'd0cd138ddf5271368d51cdc366440f8408b5804f86a9d325fda1887d818a5c1b',
  ];
  let wrong = '';
  // 64 bytes in the slot: only the first 32 are the key.
  p.load(8, counting(0x10, 64));
  for (let i = 0; i < macs.length; i++) {
    const out = new Uint8Array(macs[i]!.length / 2);
    p.mac(out, 8, fromHex(HINT_CONTEXT), counting(0, 16));
    wrong += differs('mac', out, macs[i]!);
  }
  p.derive(9, 8, fromHex(HINT_CONTEXT), counting(0, 16));
  wrong += holds(p, 9, macs[2]!);
  p.derive(8, 8, fromHex(HINT_CONTEXT), counting(0, 16));
  return wrong + holds(p, 8, macs[2]!);
}

function streamedBlake2b(p: Primitives): string {
  const out = new Uint8Array(32);
  let wrong = '';
  p.hashStart();
  p.hashEnd(out);
  wrong += differs(
    'hash of nothing',
    out,
    '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
  );
  p.hashStart();
  p.hashUpdate(counting(1, 99), 0, 99);
  p.hashStart();
  const data = counting(251, 205);
  p.hashUpdate(data, 5, 200);
  p.hashUpdate(data, 5, 1);
  p.hashUpdate(data, 6, 128);
  p.hashUpdate(data, 0, 0);
  p.hashUpdate(data, 134, 71);
  p.hashUpdate(data, 5, 200);
  p.hashEnd(out);
  return wrong + differs('stream', out, 'd20f4fecd9c75f3690cabaa06d9867c2d2860fe17b1c5a673cfa96e8b05c6ebf');
}

function mixing(p: Primitives): string {
  let wrong = '';
  p.load(9, counting(0x80, 64));
  // Only the first 32 bytes of the input count.
  p.load(15, counting(0x10, 64));
  p.mixKey(9, 15, 10);
  wrong += holds(p, 10, 'f5dc0e98b95bbc29d2279bcf5462bfe693d60df6d195fec75353d2dcac67a91b');
  wrong += holds(p, 9, '922284354cd02faf7f4a2bf3a0027f18c42fb26f2c73f5d205e7480fe3400fd0');
  // A second step depends on all 64 bytes of the chain that the first one left.
  p.mixKey(9, 15, 10);
  wrong += holds(p, 10, '015ed1010b35cf993118eab2f9cc929652657628763d3b3339970cd2990ea31f');

  p.load(9, counting(0x80, 64));
  const h = counting(0x40, 64);
  p.mixKeyAndHash(9, 15, h, 10);
  wrong += holds(p, 10, '6cc83f28d930433916137679a255301c40754b2e34fb269459d0435e7bbc7342');
  wrong += differs(
    'h',
    h,
    'dec067f766beac781f6f2b39b32b3a6ff2b02955d967898baa69fc0caf81c1be33a9c264ad5bbc3bc6580c66cc9747e2013398b2603456b5207d48c0be6dfbda',
  );
  p.split(9, 11, 12);
  wrong += holds(p, 11, '50d47ab5ae39c1ab10b001031d0615e9fd48a11692826b32c67f9b74f4390db6');

  p.load(9, counting(0x80, 64));
  p.split(9, 11, 12);
  wrong += holds(p, 11, 'e1617743cc2f1110cada8b04bb8198d3d69fe1d970b32e81b487728e5e941b4c');
  wrong += holds(p, 12, 'c445df9cc9b42486fc98e1e16854fb10a2d70f574217d8bdadcfd234ef18161f');

  // 32 bytes loaded over 64 leave no trace of the rest.
  p.load(9, counting(0x80, 32));
  p.mixKey(9, 15, 10);
  return wrong + holds(p, 10, 'ff0b1fe4c4590ac36fad5cf1e818675271c6b2eb1c5c3fd9c2a07e2ae925cc5d');
}

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

export const PRIMITIVE_CHECKS: Check[] = [
  { name: 'X25519: RFC 7748 sections 5.2 and 6.1', run: x25519 },
  { name: 'X25519: points of small order are refused and the slot cleared', run: smallOrder },
  { name: 'Ed25519: RFC 8032 section 7.1, and forgeries', run: ed25519 },
  { name: 'BLAKE2b: RFC 7693 appendix A, sizes, in place', run: blake2b },
  { name: 'BLAKE2b keyed: mac and derive', run: keyedBlake2b },
  { name: 'BLAKE2b streamed', run: streamedBlake2b },
  { name: 'Noise HKDF: mixKey, mixKeyAndHash, split', run: mixing },
  { name: 'ChaCha20-Poly1305: in place at an offset, high numbers, nothing', run: aead },
  { name: 'ChaCha20-Poly1305: forgeries are refused', run: forgeries },
  { name: 'sealSecret: a slot leaves only sealed', run: secrets },
  { name: 'Noise REKEY', run: rekeying },
  { name: 'slots are apart, whole and copies', run: slots },
  { name: 'random and generate', run: randomness },
];

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
