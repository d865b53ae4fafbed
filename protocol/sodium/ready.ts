// The one door to libsodium on a host: loads it, and refuses to start when a function Pawpost needs is missing.
import libsodium from 'libsodium-wrappers';

/**
 * All that Pawpost uses. The types of libsodium-wrappers declare 99 functions that only its `-sumo` package has, so what
 * compiles may be undefined: `sodium` offers these names alone, and each is looked for at the start.
 */
export const REQUIRED = [
  'crypto_generichash',
  'crypto_generichash_init',
  'crypto_generichash_update',
  'crypto_generichash_final',
  'crypto_sign_seed_keypair',
  'crypto_sign_keypair',
  'crypto_sign_detached',
  'crypto_sign_verify_detached',
  'crypto_scalarmult',
  'crypto_scalarmult_base',
  'crypto_aead_chacha20poly1305_ietf_encrypt',
  'crypto_aead_chacha20poly1305_ietf_decrypt',
  'crypto_aead_xchacha20poly1305_ietf_encrypt',
  'crypto_aead_xchacha20poly1305_ietf_decrypt',
  'crypto_secretstream_xchacha20poly1305_init_push',
  'crypto_secretstream_xchacha20poly1305_push',
  'crypto_secretstream_xchacha20poly1305_init_pull',
  'crypto_secretstream_xchacha20poly1305_pull',
  'crypto_secretstream_xchacha20poly1305_TAG_MESSAGE',
  'crypto_secretstream_xchacha20poly1305_TAG_FINAL',
  'crypto_secretstream_xchacha20poly1305_ABYTES',
  'crypto_secretstream_xchacha20poly1305_HEADERBYTES',
  'crypto_kem_xwing_keypair',
  'crypto_kem_xwing_seed_keypair',
  'crypto_kem_xwing_enc',
  'crypto_kem_xwing_enc_deterministic',
  'crypto_kem_xwing_dec',
  'crypto_box_seal',
  'crypto_box_seal_open',
  'randombytes_buf',
  'memcmp',
  'memzero',
] as const;

export type Sodium = Pick<typeof libsodium, (typeof REQUIRED)[number]>;

/** Names of `names` that `library` does not have. */
export function missing(library: object, names: readonly string[]): string[] {
  return names.filter((name) => (library as Record<string, unknown>)[name] === undefined);
}

await libsodium.ready;
const absent = missing(libsodium, REQUIRED);
if (absent.length > 0) throw new Error(`libsodium-wrappers lacks ${absent.join(', ')}: is 0.8.4 installed?`);

/** libsodium, loaded and complete: as safe to call as its types say. */
export const sodium: Sodium = libsodium;
