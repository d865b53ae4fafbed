// What the link asks of a cryptographic library. The toy's native `sodium` module and the host's `protocol/sodium/primitives.ts`
// both implement it, and both pass `test/contracts/primitives.ts`. Secrets stay in numbered slots of 64 bytes; code names
// slots and never holds a secret. All buffers are flat; work is in place; lengths are in bytes.

/** Number of a key slot, 0-15. 0-7 survive a power cut on the toy. */
export type Slot = number;

export const SLOT_TAG = 0;
export const SLOT_IDENTITY = 1;
export const SLOT_TOY_ROOT = 2;
export const SLOT_STORAGE = 3;
export const SLOT_EPHEMERAL = 8;
export const SLOT_CHAIN = 9;
export const SLOT_HANDSHAKE = 10;
export const SLOT_SENDING = 11;
export const SLOT_RECEIVING = 12;
export const SLOT_CLIP = 13;
export const SLOT_SCRATCH = 14;
export const SLOT_SHARED = 15;

/** Bytes that sealing adds: the Poly1305 tag. */
export const TAG_BYTES = 16;

export interface Primitives {
  /** Fills `out` from a cryptographic generator. */
  random(out: Uint8Array): void;
  /** Copies `bytes` (32 or 64) into the slot and zeroes the rest of it. There is no way to read a slot back. */
  load(slot: Slot, bytes: Uint8Array): void;
  /** 32 fresh random bytes into the slot. */
  generate(slot: Slot): void;
  copy(from: Slot, to: Slot): void;
  /** Zeroes the slot. */
  clear(slot: Slot): void;
  /** True if the slot holds anything but zeros. */
  has(slot: Slot): boolean;

  /** X25519 public key (32 bytes) of the secret in `slot`. RFC 7748. */
  publicKey(slot: Slot, out: Uint8Array): void;
  /** X25519 of the secret in `secret` with `peer` into `out`. False, and `out` cleared, for a point of small order. */
  dh(secret: Slot, peer: Uint8Array, out: Slot): boolean;
  /** Ed25519 (RFC 8032) of `a` then `b`. */
  verify(signature: Uint8Array, a: Uint8Array, b: Uint8Array, publicKey: Uint8Array): boolean;

  /** BLAKE2b of `a` then `b`, `out.length` bytes (1-64). `out` may be `a`. */
  hash(out: Uint8Array, a: Uint8Array, b: Uint8Array): void;
  /** BLAKE2b keyed with the slot's first 32 bytes, of `a` then `b`, `out.length` bytes. */
  mac(out: Uint8Array, key: Slot, a: Uint8Array, b: Uint8Array): void;
  /** As `mac` with 32 bytes of output, into slot `out`. */
  derive(out: Slot, key: Slot, a: Uint8Array, b: Uint8Array): void;
  /** Starts the one streaming BLAKE2b-32; a second start forgets the first. */
  hashStart(): void;
  hashUpdate(buffer: Uint8Array, offset: number, length: number): void;
  hashEnd(out: Uint8Array): void;

  /** Noise MixKey: (chain, key) = HKDF(chain, input, 2), HMAC over BLAKE2b-64; `key` keeps its first 32 bytes. Input: the slot's first 32. */
  mixKey(chain: Slot, input: Slot, key: Slot): void;
  /** Noise MixKeyAndHash: (chain, t, key) = HKDF(chain, input, 3); h = BLAKE2b-64(h ‖ t). `h` is 64 bytes, in place. */
  mixKeyAndHash(chain: Slot, input: Slot, h: Uint8Array, key: Slot): void;
  /** Noise Split: (a, b) = HKDF(chain, nothing, 2), 32 bytes each. */
  split(chain: Slot, a: Slot, b: Slot): void;

  /** Seals buffer[offset, offset+length) in place and writes the tag after it: ChaCha20-Poly1305-IETF, nonce = 4 zero bytes ‖ u64 number. */
  seal(key: Slot, number: number, ad: Uint8Array, buffer: Uint8Array, offset: number, length: number): void;
  /** Opens what `seal` made: `length` counts the tag. False if it is not genuine; the buffer is then worthless. */
  open(
    key: Slot,
    number: number,
    ad: Uint8Array,
    buffer: Uint8Array,
    offset: number,
    length: number,
  ): boolean;
  /**
   * As `seal`, after copying the 32 bytes of slot `secret` to the last 32 of the plaintext: how a secret leaves without being a
   * JavaScript value. The toy calls it with TOY_ROOT under SENDING, in a pairing, and with nothing else: no other secret ever leaves it.
   */
  sealSecret(
    key: Slot,
    number: number,
    ad: Uint8Array,
    buffer: Uint8Array,
    offset: number,
    length: number,
    secret: Slot,
  ): void;
  /** Noise REKEY of the slot: first 32 bytes of ENCRYPT(k, 2^64-1, nothing, 32 zeros). */
  rekey(key: Slot): void;
}
