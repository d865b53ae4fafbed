// Who this device is: its keys, its relay and its family, as bytes for the vault.
import type { DeviceKeys } from '#bridge/keys.ts';
import { asBytes, asInteger, asTuple, type Cbor, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';

const VERSION = 1;
const CODE = 'content-form';

export interface Identity {
  keys: DeviceKeys;
  /** Origin of the relay. */
  relay: string;
  /** 16 bytes. */
  familyId: Uint8Array;
  /** While an adult has not let this device in: the invitation's text, and what its person calls themselves. */
  joining: readonly [invitation: string, myName: string] | null;
}

export function encodeIdentity({ keys, relay, familyId, joining }: Identity): Uint8Array {
  const { role, signSeed, linkSecret, person } = keys;
  return encodeCbor([VERSION, role, signSeed, linkSecret, person, relay, familyId, joining]);
}

/** Fault `content-form`. */
export function decodeIdentity(bytes: Uint8Array): Identity {
  const fields = asTuple(decodeCbor(bytes, CODE), 8, CODE);
  const [version, role, signSeed, linkSecret, person, relay, familyId, joining] = fields;
  if (version !== VERSION || typeof relay !== 'string') throw fault(CODE);
  return {
    keys: {
      role: asInteger(role, ROLE_ADULT, ROLE_BRIDGE, CODE) as DeviceKeys['role'],
      signSeed: asBytes(signSeed, 32, CODE),
      linkSecret: orNull(linkSecret, 32),
      person: orNull(person, 16),
    },
    relay,
    familyId: asBytes(familyId, 16, CODE),
    joining: joining === null ? null : asJoining(joining),
  };
}

function asJoining(value: Cbor | undefined): [string, string] {
  const [invitation, myName] = asTuple(value, 2, CODE);
  if (typeof invitation !== 'string' || typeof myName !== 'string') throw fault(CODE);
  return [invitation, myName];
}

function orNull(value: Cbor | undefined, length: number): Uint8Array | null {
  return value === null ? null : asBytes(value, length, CODE);
}
