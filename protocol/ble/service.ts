// The GATT service of a Pawpost toy (protocol/README.md section 2).

/** 128-bit service UUID, with dashes as Web Bluetooth and Espruino want it. */
export const SERVICE_UUID = '50617770-6f73-7401-8000-00805f9b34fb';
/** Written without response by the bridge. 16-bit because Espruino's NRF on ESP32 cuts longer characteristic UUIDs. */
export const TO_TOY_UUID = 0xb0a1;
/** Notified by the toy. */
export const FROM_TOY_UUID = 0xb0a2;
/** AD type 0xFF of 8 bytes: company 0xFFFF, nonce [2], mac [4]. */
export const NEARBY_COMPANY = 0xffff;
/** Bytes of an advertisement; Espruino on ESP32 has no scan response. */
export const ADVERTISEMENT_BYTES = 31;
