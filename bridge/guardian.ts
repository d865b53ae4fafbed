// What an adult's device does for a toy: takes it into the family, says what it must obey, and lets bridges in and out.
import { same, u16 } from '#protocol/bytes.ts';
import { NO_PACKETS } from '#protocol/envelope/body.ts';
import { CODEC_NONE, encodeGrant, GRANT, type Grant, POLICY } from '#protocol/envelope/content.ts';
import { type SigningMember, signs } from '#protocol/family/judge.ts';
import {
  asMember,
  idText,
  type Member,
  ROLE_ADULT,
  ROLE_BRIDGE,
  ROLE_RELATIVE,
  ROLE_TOY,
} from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { encodePolicy, putPolicySignature } from '#protocol/policy/encode.ts';
import { POLICY_QUIET_FROM_AT, POLICY_QUIET_TO_AT, QUIET_NONE } from '#protocol/policy/layout.ts';
import {
  hasConsent,
  policyCounter,
  policyGeneration,
  policyIssuedAt,
  policySigningBytes,
  policyVolume,
} from '#protocol/policy/policy.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { bytesOfHex } from './bytes.ts';
import type { Device } from './device.ts';
import { grantOf, keepGrant, keepPolicy, nearKey, policyOf } from './grants.ts';
import { signWith } from './keys.ts';
import { postMessage } from './outbox.ts';

/** `owed/<toy>/<device>`: a device that has not published prekeys yet, and so could not be told about a toy. */
const OWED = 'owed/';

/** What parents choose for a toy. */
export interface ToyWishes {
  /** Without it the microphone never opens. */
  hasConsent: boolean;
  /** Percent. */
  volume: number;
  /** Minutes of the day, UTC; null for none. */
  quiet: { from: number; to: number } | null;
}

const RENEW_POLICY_S = 7 * 86_400;

export const FIRST_WISHES: ToyWishes = { hasConsent: true, volume: 70, quiet: null };

/** What parents chose last for a toy; null where this device knows no policy of it. */
export async function wishesOf(device: Device, toyId: Uint8Array): Promise<ToyWishes | null> {
  const policy = await policyOf(device, toyId);
  if (policy === null) return null;
  const from = u16(policy, POLICY_QUIET_FROM_AT);
  const to = u16(policy, POLICY_QUIET_TO_AT);
  return {
    hasConsent: hasConsent(policy),
    volume: policyVolume(policy),
    quiet: from === QUIET_NONE ? null : { from, to },
  };
}

/** A toy that has been paired and is about to obey its first policy. */
export interface NewToy {
  toyId: Uint8Array;
  linkKey: Uint8Array;
  toyRoot: Uint8Array;
}

/**
 * Makes the adult's own grant and the first policy of a toy, kept on disk before the toy hears of it. `bridges`: the bridges that may
 * link with it.
 */
export async function adoptToy(device: Device, toy: NewToy, wishes: ToyWishes): Promise<Uint8Array> {
  const { generation } = device.family.roster;
  const clipSecret = sodium.randombytes_buf(32);
  const grant: Grant = {
    deviceId: device.member.id,
    generation,
    linkPsk: device.member.linkKey && bridgePsk(toy.toyRoot, device.member.linkKey),
    nearKey: nearKey(toy.toyRoot, generation),
    clipSecret,
    toyRoot: toy.toyRoot,
  };
  const policy = writePolicy(device, toy.toyId, clipSecret, wishes, null);
  await device.store.write([
    keepGrant(device, toy.toyId, grant),
    ...(await keepPolicy(device, toy.toyId, policy)),
  ]);
  return policy;
}

/** Lists a paired toy in the roster. Listing it again is no error. */
export async function enrolToy(device: Device, linkKey: Uint8Array): Promise<void> {
  const member = asMember({ role: ROLE_TOY, signKey: null, linkKey, person: null });
  await device.family.refresh();
  if (toysOf(device).some((toy) => same(toy.id, member.id))) return;
  const { secret } = device.asSender();
  await device.family.append({ op: 'add', members: [member] }, [{ id: device.member.id, secret }]);
}

/** Gives each bridge of the family its grant for a toy; one without prekeys is owed it. Giving it again is harmless. */
export async function grantToBridges(device: Device, toyId: Uint8Array): Promise<void> {
  await owe(device, toyId, await grantTo(device, toyId, membersOf(device, ROLE_BRIDGE)));
}

/** Returns who got nothing, for want of prekeys. */
async function grantTo(
  device: Device,
  toyId: Uint8Array,
  bridges: readonly SigningMember[],
): Promise<Uint8Array[]> {
  const own = await grantOf(device, toyId);
  const skipped: Uint8Array[] = [];
  if (own === null || own.toyRoot === null) return skipped;
  for (const bridge of bridges) {
    const grant: Grant = {
      ...own,
      deviceId: bridge.id,
      linkPsk: bridgePsk(own.toyRoot, bridge.linkKey!),
      toyRoot: null,
    };
    const to = recipientsFor(device.family.roster, {
      kind: GRANT,
      toyId,
      senderId: device.member.id,
      deviceId: bridge.id,
    });
    skipped.push(...(await post(device, toyId, GRANT, encodeGrant(grant), to)));
  }
  return skipped;
}

/** Toys and the devices that lack something of them. */
export async function debtsOf(device: Device): Promise<{ toyId: Uint8Array; deviceId: Uint8Array }[]> {
  const marks = await device.store.list('marks', OWED);
  return marks.map(({ key }) => {
    const [toy, member] = key.slice(OWED.length).split('/');
    return { toyId: bytesOfHex(toy!), deviceId: bytesOfHex(member!) };
  });
}

/**
 * Gives devices what they could not be given before they had published prekeys: a bridge its grant, all of them the policy. Returns at
 * once where nothing is owed. Rejects as `postMessage`.
 */
export async function payDebts(device: Device): Promise<void> {
  for (const { toyId, deviceId } of await debtsOf(device)) {
    const key = debtKey(toyId, deviceId);
    const [toy, member] = [toyId, deviceId].map((id) => device.family.roster.members.get(idText(id)));
    if (toy !== undefined && member !== undefined && signs(member)) {
      const [bundle] = await device.mailbox.readPrekeys([deviceId]);
      if (bundle === undefined) continue;
      const skipped = member.role === ROLE_BRIDGE ? await grantTo(device, toyId, [member]) : [];
      skipped.push(...(await tellPolicy(device, toyId)));
      if (skipped.some((id) => same(id, deviceId))) continue;
    }
    await device.store.write([{ collection: 'marks', key, value: null }]);
  }
}

async function owe(device: Device, toyId: Uint8Array, deviceIds: readonly Uint8Array[]): Promise<void> {
  const value = new Uint8Array(0);
  if (deviceIds.length === 0) return;
  await device.store.write(deviceIds.map((id) => ({ collection: 'marks', key: debtKey(toyId, id), value })));
}

function debtKey(toyId: Uint8Array, deviceId: Uint8Array): string {
  return `${OWED}${idText(toyId)}/${idText(deviceId)}`;
}

/** Says anew what a toy must obey, from the roster as it is now, and sends it to the bridges that are left. */
export async function renewPolicy(device: Device, toyId: Uint8Array, wishes: ToyWishes): Promise<void> {
  const [grant, last] = [await grantOf(device, toyId), await policyOf(device, toyId)];
  if (grant === null) return;
  const policy = writePolicy(device, toyId, grant.clipSecret, wishes, last);
  await device.store.write(await keepPolicy(device, toyId, policy));
  await sendPolicy(device, toyId);
}

/**
 * Renews every policy that is a week old, so that no toy comes near the 30 days after which it takes nothing but a newer one. Only the device that
 * paired a toy does so: two that signed the same counter would speak against each other.
 */
export async function keepPoliciesFresh(device: Device): Promise<void> {
  for (const { id } of toysOf(device)) {
    const [grant, policy, wishes] = [
      await grantOf(device, id),
      await policyOf(device, id),
      await wishesOf(device, id),
    ];
    if (grant === null || grant.toyRoot === null || policy === null || wishes === null) continue;
    if (device.nowS() - policyIssuedAt(policy) >= RENEW_POLICY_S) await renewPolicy(device, id, wishes);
  }
}

/** Sends the newest policy to the bridges and the other adults; those without prekeys are owed it. */
export async function sendPolicy(device: Device, toyId: Uint8Array): Promise<void> {
  await owe(device, toyId, await tellPolicy(device, toyId));
}

async function tellPolicy(device: Device, toyId: Uint8Array): Promise<Uint8Array[]> {
  const policy = await policyOf(device, toyId);
  if (policy === null) return [];
  const { roster } = device.family;
  const to = recipientsFor(roster, { kind: POLICY, toyId, senderId: device.member.id, deviceId: null });
  return to.length === 0 ? [] : post(device, toyId, POLICY, policy, to);
}

/** The toys of the family. */
export function toysOf(device: Device): Member[] {
  return [...device.family.roster.members.values()].filter(({ role }) => role === ROLE_TOY);
}

function writePolicy(
  device: Device,
  toyId: Uint8Array,
  clipSecret: Uint8Array,
  wishes: ToyWishes,
  last: Uint8Array | null,
): Uint8Array {
  const { roster } = device.family;
  const isSameGeneration = last !== null && policyGeneration(last) === roster.generation;
  const adults = membersOf(device, ROLE_ADULT);
  const people = [...adults, ...membersOf(device, ROLE_RELATIVE)];
  const policy = encodePolicy({
    hasConsent: wishes.hasConsent,
    quietFrom: wishes.quiet?.from ?? QUIET_NONE,
    quietTo: wishes.quiet?.to ?? QUIET_NONE,
    volume: wishes.volume,
    generation: roster.generation,
    counter: isSameGeneration ? policyCounter(last) + 1 : 1,
    issuedAt: device.nowS(),
    toyId,
    root: roster.rootKey,
    clipKey: sodium.crypto_scalarmult_base(clipSecret),
    signer: device.member.signKey!,
    adults: adults.map((member) => member.signKey),
    bridges: membersOf(device, ROLE_BRIDGE).map((member) => member.linkKey!),
    senders: people.map((member, rhythm) => ({ key: member.signKey, rhythm, needsApproval: false })),
  });
  putPolicySignature(policy, signWith(device.keys, policySigningBytes(policy)));
  return policy;
}

function membersOf(device: Device, role: number): SigningMember[] {
  return [...device.family.roster.members.values()].filter(
    (member): member is SigningMember => member.role === role && signs(member),
  );
}

/** Returns who got nothing, for want of prekeys. */
async function post(
  device: Device,
  toyId: Uint8Array,
  kind: typeof GRANT | typeof POLICY,
  extra: Uint8Array,
  to: SigningMember[],
): Promise<Uint8Array[]> {
  const head = { kind, toyId, sentAt: device.nowS(), durationMs: 0, packets: 0, codec: CODEC_NONE, extra };
  const message = { id: sodium.randombytes_buf(16), head, packets: NO_PACKETS };
  try {
    return (await postMessage(device, message, to)).map(({ deviceId }) => deviceId);
  } catch (error) {
    // Nobody at all has prekeys that fit.
    if ((error as Error).message !== 'prekeys-expired') throw error;
    return to.map(({ id }) => id);
  }
}
