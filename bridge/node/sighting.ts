// Reads what a radio hears of a toy: advertisements of strangers are no fault, only no sighting.
import { decodeNearby } from '#protocol/ble/advertisement.ts';
import type { Sighting } from '../radio.ts';

/**
 * Turns the manufacturer data (AD type 0xFF, from the company id on) of an advertisement into a sighting; null when it is not a
 * Pawpost toy's. The bytes are copied: radios reuse their buffers.
 */
export function readSighting(address: string, manufacturerData: Uint8Array | undefined): Sighting | null {
  if (manufacturerData === undefined) return null;
  try {
    const { nonce, mac } = decodeNearby(manufacturerData);
    return { address, nearby: { nonce: Uint8Array.from(nonce), mac: Uint8Array.from(mac) } };
  } catch {
    return null;
  }
}
