// Prekeys: X-Wing keys that serve for seven days each, so that a device taken later opens nothing older than its windows. A device
// publishes six windows ahead, signed; a sender uses the window of now and never a staler one.

import { same } from '../bytes.ts';
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { ID_BYTES, MESSAGE_TTL_S } from '../relay/limits.ts';
import { framedHash } from '../sodium/hash.ts';
import { sodium } from '../sodium/ready.ts';
import { signDigest, verifySignature } from '../sodium/sign.ts';
import type { Random } from './body.ts';

const PREKEYS_VERSION = 1;
export const WINDOW_S = 7 * 86400;
/** Windows in one bundle, the current one first. */
export const BUNDLE_WINDOWS = 6;
/** X-Wing public key (draft-connolly-cfrg-xwing-kem), bytes. */
export const PREKEY_BYTES = 1216;
/** How much longer than that a private key is kept: clocks, and messages on their way. */
export const KEPT_AFTER_S = 7 * 86400;
/** Whole encoded bundle, bytes. */
export const BUNDLE_BYTES_MAX = 8192;

const U32_MAX = 0xffffffff;

/** Where a device keeps its private prekeys. `put` is durable when it resolves. */
export interface PrekeyStore {
  /** The 32 bytes of that window, or null. */
  get(window: number): Promise<Uint8Array | null>;
  put(window: number, secret: Uint8Array): Promise<void>;
  windows(): Promise<number[]>;
  /** Destroys it. */
  remove(window: number): Promise<void>;
}

export interface Prekey {
  window: number;
  key: Uint8Array;
}

export interface PrekeyBundle {
  deviceId: Uint8Array;
  /** The newest head that the device knew. */
  headNumber: number;
  head: Uint8Array;
  /** BUNDLE_WINDOWS of them, windows rising by one. */
  prekeys: readonly Prekey[];
}

/** The window of a time in unix seconds. */
export function windowAt(nowS: number): number {
  return Math.floor(nowS / WINDOW_S);
}

/**
 * The device's bundle for now, encoded and signed. Makes and keeps the private keys that are missing, so that publishing again within
 * a window changes no key.
 */
export async function publishPrekeys(
  store: PrekeyStore,
  device: { deviceId: Uint8Array; secret: Uint8Array },
  head: { number: number; head: Uint8Array },
  nowS: number,
  random: Random,
): Promise<Uint8Array> {
  const prekeys: Prekey[] = [];
  for (let window = windowAt(nowS); prekeys.length < BUNDLE_WINDOWS; window++) {
    let secret = await store.get(window);
    if (secret === null) {
      secret = new Uint8Array(32);
      random(secret);
      await store.put(window, secret);
    }
    prekeys.push({ window, key: prekeyOf(secret) });
  }
  return encodeBundle(
    { deviceId: device.deviceId, headNumber: head.number, head: head.head, prekeys },
    device.secret,
  );
}

/** X-Wing public key of a private one (its 32-byte seed). */
export function prekeyOf(secret: Uint8Array): Uint8Array {
  return sodium.crypto_kem_xwing_seed_keypair(secret).publicKey;
}

/** Encodes and signs with the device's Ed25519 secret. Context `pawpost1/prekeys`. */
export function encodeBundle(bundle: PrekeyBundle, secret: Uint8Array): Uint8Array {
  const payload = encodeCbor([
    PREKEYS_VERSION,
    bundle.deviceId,
    bundle.headNumber,
    bundle.head,
    bundle.prekeys.map((prekey) => [prekey.window, prekey.key]),
  ]);
  return encodeCbor([payload, signDigest(framedHash('pawpost1/prekeys', payload), secret)]);
}

/**
 * The bundle of `device`, whose id and signing key the caller took from the roster. Faults: `prekeys-form`, `prekeys-signature`.
 */
export function decodeBundle(
  bytes: Uint8Array,
  device: { id: Uint8Array; signKey: Uint8Array },
): PrekeyBundle {
  if (bytes.length > BUNDLE_BYTES_MAX) throw fault('prekeys-form');
  const [payload, signature] = asTuple(decodeCbor(bytes, 'prekeys-form'), 2, 'prekeys-form');
  if (!(payload instanceof Uint8Array)) throw fault('prekeys-form');
  const digest = framedHash('pawpost1/prekeys', payload);
  if (!verifySignature(asBytes(signature, 64, 'prekeys-form'), digest, device.signKey))
    throw fault('prekeys-signature');
  const [version, deviceId, headNumber, head, listed] = asTuple(
    decodeCbor(payload, 'prekeys-form'),
    5,
    'prekeys-form',
  );
  if (version !== PREKEYS_VERSION) throw fault('prekeys-form');
  if (!same(asBytes(deviceId, ID_BYTES, 'prekeys-form'), device.id)) throw fault('prekeys-signature');
  const prekeys = asTuple(listed, BUNDLE_WINDOWS, 'prekeys-form').map((entry) => {
    const [window, key] = asTuple(entry, 2, 'prekeys-form');
    return {
      window: asInteger(window, 0, U32_MAX, 'prekeys-form'),
      key: asBytes(key, PREKEY_BYTES, 'prekeys-form'),
    };
  });
  if (prekeys.some((prekey, i) => prekey.window !== prekeys[0]!.window + i)) throw fault('prekeys-form');
  return {
    deviceId: device.id,
    headNumber: asInteger(headNumber, 0, U32_MAX, 'prekeys-form'),
    head: asBytes(head, 32, 'prekeys-form'),
    prekeys,
  };
}

/** The prekey for a message sealed now (unix seconds). Fault `prekeys-expired` if the bundle has none for this window. */
export function prekeyAt(bundle: PrekeyBundle, nowS: number): Prekey {
  const prekey = bundle.prekeys.find((candidate) => candidate.window === windowAt(nowS));
  if (prekey === undefined) throw fault('prekeys-expired');
  return prekey;
}

/**
 * Those of `windows` whose private keys nothing can need any more: their week, the relay's 30 days and 7 more are over. None while the
 * clock is unconfirmed: a clock that leaps ahead must not destroy what cannot be made again. To be asked only when the mailbox has been
 * emptied: the relay keeps what it has not yet offered for longer.
 */
export function expiredWindows(
  windows: readonly number[],
  nowS: number,
  isClockConfirmed: boolean,
): number[] {
  if (!isClockConfirmed) return [];
  return windows.filter((window) => (window + 1) * WINDOW_S + MESSAGE_TTL_S + KEPT_AFTER_S <= nowS);
}
