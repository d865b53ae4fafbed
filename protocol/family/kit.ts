// The recovery kit as a square code: the root's seed with the address of the family's relay. On paper it stands beside the 24 words.
import { same } from '../bytes.ts';
import { asBytes, asTuple, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { decodeBase64url, encodeBase64url } from '../relay/base64url.ts';
import { framedHash } from '../sodium/hash.ts';
import { isOrigin } from './origin.ts';
import { SEED_BYTES, seedOfWords } from './words.ts';

const KIT_VERSION = 1;
const SCHEME = 'pawpost-kit:';
const CHECK_BYTES = 4;

export interface Kit {
  /** The root's seed. */
  seed: Uint8Array;
  /** Origin of the relay; null where only words were given. */
  relay: string | null;
}

/** `pawpost-kit:` and base64url of `[1, seed, relay, check]`. Context `pawpost1/kit`. */
export function kitText(seed: Uint8Array, relay: string): string {
  if (seed.length !== SEED_BYTES || !isOrigin(relay)) throw new RangeError('a seed and an origin');
  return SCHEME + encodeBase64url(encodeCbor([KIT_VERSION, seed, relay, checkOf(seed, relay)]));
}

/** The kit of 24 words in any case and spacing, or of the code's text. Faults: `recovery-words`, `recovery-code`. */
export function readKit(text: string): Kit {
  const trimmed = text.trim();
  if (!trimmed.startsWith(SCHEME)) return { seed: seedOfWords(trimmed), relay: null };
  const code = 'recovery-code';
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64url(trimmed.slice(SCHEME.length));
  } catch {
    throw fault(code);
  }
  const [version, first, relay, check] = asTuple(decodeCbor(bytes, code), 4, code);
  const seed = asBytes(first, SEED_BYTES, code);
  if (version !== KIT_VERSION || typeof relay !== 'string' || !isOrigin(relay)) throw fault(code);
  if (!same(asBytes(check, CHECK_BYTES, code), checkOf(seed, relay))) throw fault(code);
  return { seed, relay };
}

function checkOf(seed: Uint8Array, relay: string): Uint8Array {
  return framedHash('pawpost1/kit', seed, new TextEncoder().encode(relay)).slice(0, CHECK_BYTES);
}
