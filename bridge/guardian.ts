// What an adult's device does for a toy: takes it into the family, says what it must obey, and lets bridges in and out.
import { same, u16 } from '#protocol/bytes.ts';
import { NO_PACKETS } from '#protocol/envelope/body.ts';
import { CODEC_NONE, encodeGrant, GRANT, type Grant, POLICY } from '#protocol/envelope/content.ts';
import { type SigningMember, signs } from '#protocol/family/judge.ts';
import {
  asMember,
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
  policySigningBytes,
  policyVolume,
} from '#protocol/policy/policy.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Device } from './device.ts';
import { grantOf, keepGrant, keepPolicy, nearKey, policyOf } from './grants.ts';
import { signWith } from './keys.ts';
import { postMessage } from './outbox.ts';

/** What parents choose for a toy. */
export interface ToyWishes {
  /** Without it the microphone never opens. */
  hasConsent: boolean;
  /** Percent. */
  volume: number;
  /** Minutes of the day, UTC; null for none. */
  quiet: { from: number; to: number } | null;
}

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

/** Gives each bridge of the family its grant for a toy. Giving it again is harmless. */
export async function grantToBridges(device: Device, toyId: Uint8Array): Promise<void> {
  const own = await grantOf(device, toyId);
  if (own === null || own.toyRoot === null) return;
  for (const bridge of membersOf(device, ROLE_BRIDGE)) {
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
    await post(device, toyId, GRANT, encodeGrant(grant), to);
  }
}

/** Says anew what a toy must obey, from the roster as it is now, and sends it to the bridges that are left. */
export async function renewPolicy(device: Device, toyId: Uint8Array, wishes: ToyWishes): Promise<void> {
  const [grant, last] = [await grantOf(device, toyId), await policyOf(device, toyId)];
  if (grant === null) return;
  const policy = writePolicy(device, toyId, grant.clipSecret, wishes, last);
  await device.store.write(await keepPolicy(device, toyId, policy));
  await sendPolicy(device, toyId);
}

/** Sends the newest policy to the bridges and the other adults. */
export async function sendPolicy(device: Device, toyId: Uint8Array): Promise<void> {
  const policy = await policyOf(device, toyId);
  if (policy === null) return;
  const { roster } = device.family;
  const to = recipientsFor(roster, { kind: POLICY, toyId, senderId: device.member.id, deviceId: null });
  if (to.length > 0) await post(device, toyId, POLICY, policy, to);
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

async function post(
  device: Device,
  toyId: Uint8Array,
  kind: typeof GRANT | typeof POLICY,
  extra: Uint8Array,
  to: SigningMember[],
): Promise<void> {
  const head = { kind, toyId, sentAt: device.nowS(), durationMs: 0, packets: 0, codec: CODEC_NONE, extra };
  await postMessage(device, { id: sodium.randombytes_buf(16), head, packets: NO_PACKETS }, to);
}
