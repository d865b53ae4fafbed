// Checks of BLAKE2b and Noise's HKDF, toy-safe. Known answers: RFC 7693, else Python's hashlib and hmac.
import type { Primitives } from '#protocol/link/primitives.ts';
import { counting, differs, fromHex, toHex } from './bytes-hex.ts';
import type { Check } from './check.ts';
import { holds } from './check.ts';

const NOTHING = new Uint8Array(0);
const HINT_CONTEXT = '706177706f7374312f68696e74';
const BLAKE2B_ABC =
  'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923';

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

export const HASH_CHECKS: Check[] = [
  { name: 'BLAKE2b: RFC 7693 appendix A, sizes, in place', run: blake2b },
  { name: 'BLAKE2b keyed: mac and derive', run: keyedBlake2b },
  { name: 'BLAKE2b streamed', run: streamedBlake2b },
  { name: 'Noise HKDF: mixKey, mixKeyAndHash, split', run: mixing },
];
