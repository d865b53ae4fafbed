// Sizes of a body: padded by Padmé so that a length leaks O(log log n) bits and costs at most 12 percent (Nikitin et al.,
// "Reducing Metadata Leakage from Encrypted Files", PoPETs 2019, section 4), then cut into sealed chunks. Public.
import { fault } from '../fault.ts';

/** Plaintext in one chunk, bytes; the last may be shorter. */
export const CHUNK_BYTES = 16384;
/** What secretstream adds to a chunk, bytes. */
export const CHUNK_OVERHEAD_BYTES = 17;
/** The secretstream header at the start of a body, bytes. */
export const BODY_START_BYTES = 24;

/** `length` (bytes) rounded up to the next Padmé size. 0 and 1 stay. Idempotent. */
export function padmeBytes(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const mantissaBits = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** Math.max(exponent - mantissaBits, 0);
  return Math.ceil(length / step) * step;
}

/** Size of an encrypted body that holds `length` bytes of plaintext (already padded). */
export function encryptedBytes(length: number): number {
  return BODY_START_BYTES + length + Math.ceil(length / CHUNK_BYTES) * CHUNK_OVERHEAD_BYTES;
}

/** Padded plaintext in an encrypted body of `bodyBytes`. Fault `envelope-form` if no padded plaintext has that size. */
export function plaintextBytes(bodyBytes: number): number {
  const rest = bodyBytes - BODY_START_BYTES;
  const chunks = Math.ceil(rest / (CHUNK_BYTES + CHUNK_OVERHEAD_BYTES));
  const length = rest - chunks * CHUNK_OVERHEAD_BYTES;
  if (length < 1 || encryptedBytes(length) !== bodyBytes || padmeBytes(length) !== length)
    throw fault('envelope-form');
  return length;
}
