// What the toy advertises: some bytes by which only the family's bridges know it (protocol/README.md section 2).
import { encodeAdvertisement, NEARBY_MAC_BYTES, NEARBY_NONCE_BYTES } from '#protocol/ble/advertisement.ts';
import { ascii, putU32 } from '#protocol/bytes.ts';
import { type Primitives, SLOT_SCRATCH, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';

export const CONTEXT_NEAR = 'pawpost1/near';
/** The nonce changes this often. */
export const NEAR_MS = 900000;

/** An advertisement with a fresh nonce; `generation` is that of the policy in force, -1 while unpaired. */
export function makeAdvertisement(primitives: Primitives, generation: number): Uint8Array {
  const nonce = new Uint8Array(NEARBY_NONCE_BYTES);
  const mac = new Uint8Array(NEARBY_MAC_BYTES);
  primitives.random(nonce);
  primitives.random(mac);
  if (generation >= 0) {
    const epoch = new Uint8Array(4);
    putU32(epoch, 0, generation);
    primitives.derive(SLOT_SCRATCH, SLOT_TOY_ROOT, ascii(CONTEXT_NEAR), epoch);
    primitives.mac(mac, SLOT_SCRATCH, nonce, new Uint8Array(0));
    primitives.clear(SLOT_SCRATCH);
  }
  return encodeAdvertisement(nonce, mac);
}
