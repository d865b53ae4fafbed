// Reads the `nearby` part of a toy's advertisement (protocol/README.md section 2).

import { NEARBY_COMPANY } from '#protocol/ble/service.ts';
import { u16 } from '#protocol/bytes.ts';
import type { Sighting } from '../radio.ts';

/** Company, nonce and mac. */
const NEARBY_BYTES = 8;

/**
 * Turns the manufacturer data (AD type 0xFF, from the company id on) of an advertisement into a sighting.
 * Null when it is not a Pawpost toy's. The bytes are copied: radios reuse their buffers.
 */
export function decodeSighting(address: string, manufacturerData: Uint8Array | undefined): Sighting | null {
  if (manufacturerData === undefined || manufacturerData.length < NEARBY_BYTES) return null;
  if (u16(manufacturerData, 0) !== NEARBY_COMPANY) return null;
  return {
    address,
    nonce: Uint8Array.from(manufacturerData.subarray(2, 4)),
    mac: Uint8Array.from(manufacturerData.subarray(4, 8)),
  };
}
