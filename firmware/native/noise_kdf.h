// HMAC and HKDF over BLAKE2b-64 as the Noise framework (revision 34, section 4.3) defines them.
#ifndef PAWPOST_NOISE_KDF_H
#define PAWPOST_NOISE_KDF_H
#include <stddef.h>
#include <stdint.h>

#define HASH_BYTES 64

/** HKDF(chain, input, outputs): writes `outputs` (2 or 3) times 64 bytes to `out`. `chain` is 64 bytes; `input` may have length 0. */
void noiseHkdf(const uint8_t *chain, const uint8_t *input, size_t inputLength, uint8_t *out, int outputs);

#endif
