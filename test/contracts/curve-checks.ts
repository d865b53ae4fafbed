// Checks of X25519 and Ed25519, toy-safe: RFC 7748, RFC 8032, small orders and forgeries.
import { NOTHING } from '#protocol/bytes.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { counting, differs, fromHex } from './bytes-hex.ts';
import type { Check } from './check.ts';
import { holds, refuses } from './check.ts';

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
    if (!p.verify(signature, NOTHING, message, key)) wrong += `test ${i / 3 + 1} is refused; `;
    const cut = message.length >> 1;
    if (!p.verify(signature, message.subarray(0, cut), message.subarray(cut), key))
      wrong += `test ${i / 3 + 1} is refused in two parts; `;
    key[3]! ^= 4;
    wrong += refuses('another key', p.verify(signature, NOTHING, message, key));
    key[3]! ^= 4;
    signature[5]! ^= 1;
    wrong += refuses('another R', p.verify(signature, NOTHING, message, key));
    signature[5]! ^= 1;
    signature[40]! ^= 128;
    wrong += refuses('another S', p.verify(signature, NOTHING, message, key));
    signature[40]! ^= 128;
    wrong += refuses('another message', p.verify(signature, NOTHING, fromHex('7273'), key));
    const order = fromHex(ORDER);
    let carry = 0;
    for (let j = 0; j < 32; j++) {
      carry += signature[32 + j]! + order[j]!;
      signature[32 + j] = carry & 255;
      carry >>= 8;
    }
    wrong += refuses('S + L', p.verify(signature, NOTHING, message, key));
  }
  // With the neutral element as key and R, and S = 0, a verifier that takes small orders takes every message.
  const forged = new Uint8Array(64);
  forged[0] = 1;
  return (
    wrong +
    refuses('a key of small order', p.verify(forged, NOTHING, fromHex('00'), fromHex(SMALL_ORDER[1]!)))
  );
}

export const CURVE_CHECKS: Check[] = [
  { name: 'X25519: RFC 7748 sections 5.2 and 6.1', run: x25519 },
  { name: 'X25519: points of small order are refused and the slot cleared', run: smallOrder },
  { name: 'Ed25519: RFC 8032 section 7.1, and forgeries', run: ed25519 },
];
