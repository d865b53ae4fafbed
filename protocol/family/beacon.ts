// A beacon: an adult's device says which head it sees, each time its app is open, so that a relay which hides changes is noticed by its
// silence. Public, signed.
import { same } from '../bytes.ts';
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { ID_BYTES } from '../relay/limits.ts';
import { framedHash } from '../sodium/hash.ts';
import { signDigest, verifySignature } from '../sodium/sign.ts';
import { knowsHead, memberOf, type Roster } from './chain.ts';
import { ROLE_ADULT } from './member.ts';

const BEACON_VERSION = 1;
const U32_MAX = 0xffffffff;
/** Age from which the others say that this head has not been seen for long, seconds. */
export const BEACON_STALE_S = 14 * 86400;

export interface Beacon {
  familyId: Uint8Array;
  deviceId: Uint8Array;
  /** Of the chain that ends in this head: a reset leaves the heads of an ended fork behind. */
  generation: number;
  headNumber: number;
  head: Uint8Array;
  /** Unix seconds, by that device's clock. */
  at: number;
}

/** Signed with the device's Ed25519 secret. Context `pawpost1/beacon`. */
export function encodeBeacon(beacon: Beacon, secret: Uint8Array): Uint8Array {
  const payload = encodeCbor([
    BEACON_VERSION,
    beacon.familyId,
    beacon.deviceId,
    beacon.generation,
    beacon.headNumber,
    beacon.head,
    beacon.at,
  ]);
  return encodeCbor([payload, signDigest(framedHash('pawpost1/beacon', payload), secret)]);
}

/**
 * A beacon of an adult's device of this roster. Faults: `beacon-form`; `beacon-signature` for another family, no adult, a false signature.
 */
export function decodeBeacon(bytes: Uint8Array, roster: Roster): Beacon {
  const [payload, signature] = asTuple(decodeCbor(bytes, 'beacon-form'), 2, 'beacon-form');
  if (!(payload instanceof Uint8Array)) throw fault('beacon-form');
  const fields = asTuple(decodeCbor(payload, 'beacon-form'), 7, 'beacon-form');
  if (fields[0] !== BEACON_VERSION) throw fault('beacon-form');
  const beacon: Beacon = {
    familyId: asBytes(fields[1], ID_BYTES, 'beacon-form'),
    deviceId: asBytes(fields[2], ID_BYTES, 'beacon-form'),
    generation: asInteger(fields[3], 1, U32_MAX, 'beacon-form'),
    headNumber: asInteger(fields[4], 0, U32_MAX, 'beacon-form'),
    head: asBytes(fields[5], 32, 'beacon-form'),
    at: asInteger(fields[6], 0, U32_MAX, 'beacon-form'),
  };
  const adult = memberOf(roster, beacon.deviceId);
  const key = adult?.role === ROLE_ADULT && same(beacon.familyId, roster.familyId) ? adult.signKey : null;
  const digest = framedHash('pawpost1/beacon', payload);
  if (key === null || !verifySignature(asBytes(signature, 64, 'beacon-form'), digest, key))
    throw fault('beacon-signature');
  return beacon;
}

/**
 * What a beacon says to a device with this roster: all is well, the chain must be fetched, or there are two chains. Of an older generation
 * nothing is a fork: the root has ended it.
 */
export function compareBeacon(roster: Roster, beacon: Beacon): 'same' | 'newer' | 'older' | 'fork' {
  if (beacon.generation !== roster.generation)
    return beacon.generation > roster.generation ? 'newer' : 'older';
  if (beacon.headNumber > roster.number) return 'newer';
  if (!knowsHead(roster, beacon.headNumber, beacon.head)) return 'fork';
  return beacon.headNumber === roster.number ? 'same' : 'older';
}
