// The 31 bytes a toy advertises, and what a bridge reads from them (protocol/README.md section 2).
import { u16 } from '../bytes.ts';
import { fault } from '../fault.ts';
import { ADVERTISEMENT_BYTES, NEARBY_COMPANY } from './service.ts';

/** Company, nonce, mac: the content of the AD structure of type 0xFF. */
export const NEARBY_BYTES = 8;
export const NEARBY_NONCE_BYTES = 2;
export const NEARBY_MAC_BYTES = 4;

/** AD types (Bluetooth Assigned Numbers, 2.3). */
export const AD_FLAGS = 0x01;
export const AD_SERVICE_128 = 0x07;
export const AD_MANUFACTURER = 0xff;
/** LE general discoverable, no BR/EDR. */
export const ADVERTISED_FLAGS = 0x06;

// Flags and SERVICE_UUID, least significant byte first, up to the type of `nearby`.
const HEAD = [
  2, 0x01, 0x06, 17, 0x07, 0xfb, 0x34, 0x9b, 0x5f, 0x80, 0x00, 0x00, 0x80, 0x01, 0x74, 0x73, 0x6f, 0x70, 0x77,
  0x61, 0x50, 9, 0xff, 0xff, 0xff,
];

export interface Nearby {
  /** 2 bytes. */
  nonce: Uint8Array;
  /** 4 bytes. */
  mac: Uint8Array;
}

/** The whole advertisement: 31 bytes. `nonce` is 2 bytes, `mac` 4. */
export function encodeAdvertisement(nonce: Uint8Array, mac: Uint8Array): Uint8Array {
  const data = new Uint8Array(ADVERTISEMENT_BYTES);
  data.set(HEAD, 0);
  data.set(nonce, ADVERTISEMENT_BYTES - NEARBY_MAC_BYTES - NEARBY_NONCE_BYTES);
  data.set(mac, ADVERTISEMENT_BYTES - NEARBY_MAC_BYTES);
  return data;
}

/** Reads `nearby`, the content of an AD structure of type 0xFF, as views. Faults: nearby-form. */
export function decodeNearby(content: Uint8Array): Nearby {
  if (content.length !== NEARBY_BYTES || u16(content, 0) !== NEARBY_COMPANY) throw fault('nearby-form');
  return { nonce: content.subarray(2, 4), mac: content.subarray(4, 8) };
}

/** Finds `nearby` in a raw advertisement (Bluetooth Core, Vol 3, Part C, 11). Faults: nearby-form. */
export function findNearby(data: Uint8Array): Nearby {
  let at = 0;
  while (at + 1 < data.length) {
    const length = data[at]!;
    if (length === 0 || at + 1 + length > data.length) break;
    if (data[at + 1] === AD_MANUFACTURER) return decodeNearby(data.subarray(at + 2, at + 1 + length));
    at += 1 + length;
  }
  throw fault('nearby-form');
}
