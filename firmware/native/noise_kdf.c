// HMAC and HKDF over BLAKE2b-64 as the Noise framework (revision 34, section 4.3) defines them.
#include "noise_kdf.h"
#include <sodium.h>
#include <string.h>

#define BLOCK_BYTES 128 // of BLAKE2b (RFC 7693)

/** HMAC (RFC 2104) of `a` then `b`, with a key of 64 bytes. */
static void hmac(const uint8_t *key, const uint8_t *a, size_t aLength, const uint8_t *b, size_t bLength, uint8_t *out) {
  crypto_generichash_state state;
  uint8_t pad[BLOCK_BYTES], inner[HASH_BYTES];
  memset(pad, 0x36, BLOCK_BYTES);
  for (int i = 0; i < HASH_BYTES; i++) pad[i] ^= key[i];
  crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
  crypto_generichash_update(&state, pad, BLOCK_BYTES);
  crypto_generichash_update(&state, a, aLength);
  crypto_generichash_update(&state, b, bLength);
  crypto_generichash_final(&state, inner, HASH_BYTES);
  for (int i = 0; i < BLOCK_BYTES; i++) pad[i] ^= 0x36 ^ 0x5c;
  crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
  crypto_generichash_update(&state, pad, BLOCK_BYTES);
  crypto_generichash_update(&state, inner, HASH_BYTES);
  crypto_generichash_final(&state, out, HASH_BYTES);
  sodium_memzero(pad, sizeof(pad));
  sodium_memzero(inner, sizeof(inner));
  sodium_memzero(&state, sizeof(state));
}

void noiseHkdf(const uint8_t *chain, const uint8_t *input, size_t inputLength, uint8_t *out, int outputs) {
  uint8_t temporary[HASH_BYTES];
  hmac(chain, input, inputLength, NULL, 0, temporary);
  for (uint8_t number = 1; number <= outputs; number++) {
    const uint8_t *previous = number > 1 ? out + (number - 2) * HASH_BYTES : NULL;
    hmac(temporary, previous, previous ? HASH_BYTES : 0, &number, 1, out + (number - 1) * HASH_BYTES);
  }
  sodium_memzero(temporary, sizeof(temporary));
}
