// Who this device is: its keys, its relay and its family, as bytes for the vault.
import type { DeviceKeys } from '#bridge/keys.ts';
import { asArray, asBytes, asInteger, type Cbor, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
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
}

export function encodeIdentity({ keys, relay, familyId }: Identity): Uint8Array {
  return encodeCbor([VERSION, keys.role, keys.signSeed, keys.linkSecret, keys.person, relay, familyId]);
}

/** Fault `content-form`. */
export function decodeIdentity(bytes: Uint8Array): Identity {
  const [version, role, signSeed, linkSecret, person, relay, familyId] = asArray(
    decodeCbor(bytes, CODE),
    7,
    CODE,
  );
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
  };
}

function orNull(value: Cbor | undefined, length: number): Uint8Array | null {
  return value === null ? null : asBytes(value, length, CODE);
}
