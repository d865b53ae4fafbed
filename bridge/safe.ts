// Keeps the family's safe at the relay filled: what the recovery kit needs, should all phones be lost.
import { same } from '#protocol/bytes.ts';
import { asBytes, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import {
  readSafeKey,
  SAFE_KEY_BYTES,
  type SafeContent,
  type SafeKey,
  type SafeToy,
  safeKeyOf,
  sealSafe,
} from '#protocol/family/safe.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import type { Device } from './device.ts';
import { grantOf, policyOf } from './grants.ts';
import { toysOf } from './guardian.ts';
import { listProfiles } from './profiles.ts';
import type { Change } from './store.ts';

/** The key that the root signed: public. */
const KEY_MARK = 'safe/key';
/** What was put there last, as a hash. */
const FILLED_MARK = 'safe/filled';
/** So often the same is put there again, seconds: it may have been lost. */
const AGAIN_S = 86_400;

/** The change that keeps the safe's key on the device that holds the root's seed for a moment. */
export function keepSafeKey(seed: Uint8Array): Change {
  return keepKey(safeKeyOf(seed));
}

/**
 * Fills the safe anew if what belongs into it has changed, who is in the family has, the relay has lost it, or a day has passed. Does nothing
 * on a device that is no adult's, or that lacks the secrets of one of the toys: what another put there is better. Faults of the relay.
 */
export async function keepSafe(device: Device): Promise<void> {
  if (device.member.role !== ROLE_ADULT || device.family.isForked) return;
  const toys = await toysForSafe(device);
  const key = toys === null ? null : await safeKey(device);
  if (toys === null || key === null) return;
  const { roster, restorations } = device.family;
  const profiles = await listProfiles(device);
  const nowS = device.nowS();
  const content: SafeContent = {
    deviceId: device.member.id,
    headNumber: roster.number,
    at: 0,
    toys,
    profiles,
  };
  const digest = sodium.crypto_generichash(32, encodeCbor([fingerprint(content), restorations]), null);
  const filled = new Uint8Array(40);
  filled.set(digest);
  new DataView(filled.buffer).setFloat64(32, nowS);
  const last = await device.store.get('marks', FILLED_MARK);
  if (last !== undefined && same(last.subarray(0, 32), digest)) {
    const ageS = nowS - new DataView(last.buffer, last.byteOffset).getFloat64(32);
    if (ageS >= 0 && ageS < AGAIN_S) return;
  }
  await device.mailbox.putSafe(sealFitting(device, key, { ...content, at: nowS }));
  await device.store.write([{ collection: 'marks', key: FILLED_MARK, value: filled }]);
}

/** With pictures if they fit, else with names alone, else with the toys alone. */
function sealFitting(device: Device, key: SafeKey, content: SafeContent): Uint8Array {
  const names = content.profiles.map((profile) => ({ ...profile, picture: null }));
  const { secret } = signKeys(device.keys.signSeed);
  const { familyId } = device.family.roster;
  for (const profiles of [content.profiles, names]) {
    try {
      return sealSafe(key, familyId, { ...content, profiles }, secret, device.random);
    } catch (error) {
      if ((error as Error).message !== 'safe-form') throw error;
    }
  }
  return sealSafe(key, familyId, { ...content, profiles: [] }, secret, device.random);
}

/** Null if this device lacks the secrets of a toy of the family. */
async function toysForSafe(device: Device): Promise<SafeToy[] | null> {
  const toys = await toySecrets(device);
  return toys.length < toysOf(device).length ? null : toys;
}

/** The toys of the family whose secrets this adult's device has, with what they must obey. */
export async function toySecrets(device: Device): Promise<SafeToy[]> {
  const toys: SafeToy[] = [];
  for (const { id: toyId } of toysOf(device)) {
    const grant = await grantOf(device, toyId);
    if (grant === null || grant.toyRoot === null) continue;
    const { toyRoot, clipSecret } = grant;
    toys.push({ toyId, toyRoot, clipSecret, policy: await policyOf(device, toyId) });
  }
  return toys;
}

/** As kept here, or as it stands on the safe; null where neither is. */
async function safeKey(device: Device): Promise<SafeKey | null> {
  const kept = await device.store.get('marks', KEY_MARK);
  if (kept !== undefined) return decodeKey(kept);
  const bytes = await device.mailbox.readSafe();
  if (bytes === null) return null;
  const key = readSafeKey(bytes, device.family.roster.rootKey);
  await device.store.write([keepKey(key)]);
  return key;
}

function keepKey({ publicKey, signature }: SafeKey): Change {
  return { collection: 'marks', key: KEY_MARK, value: encodeCbor([publicKey, signature]) };
}

function decodeKey(bytes: Uint8Array): SafeKey {
  const [publicKey, signature] = asTuple(decodeCbor(bytes, 'safe-form'), 2, 'safe-form');
  return {
    publicKey: asBytes(publicKey, SAFE_KEY_BYTES, 'safe-form'),
    signature: asBytes(signature, 64, 'safe-form'),
  };
}

/** All of the content that matters, without its time. */
function fingerprint({ headNumber, toys, profiles }: SafeContent): Uint8Array {
  return sodium.crypto_generichash(
    32,
    encodeCbor([
      headNumber,
      toys.map(({ toyId, toyRoot, clipSecret, policy }) => [toyId, toyRoot, clipSecret, policy]),
      profiles.map(({ kind, id, at }) => [kind, id, at]),
    ]),
    null,
  );
}
