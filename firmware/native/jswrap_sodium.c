// require('sodium') in the image: the Primitives of protocol/link/primitives.ts over libsodium and the key slots.
#include "jswrap_sodium.h"
#include "bytes.h"
#include "entropy_port.h"
#include "jsinteractive.h"
#include "keyslots.h"
#include "noise_kdf.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 32
#define TAG_BYTES 16
#define NONCE_BYTES 12

/*JSON{ "type" : "library", "class" : "sodium"
}
Cryptography on slots, for the link and for what rests on the toy. */

static crypto_generichash_state streaming;

/** True if `slot` is one; else raises. */
static bool isSlot(int slot) {
  if (slot >= 0 && slot < KEY_SLOTS) return true;
  jsExceptionHere(JSET_TYPEERROR, "slot: out of range");
  return false;
}

static void put(int slot, const uint8_t *bytes, size_t length) {
  if (!keyslotPut(slot, bytes, length)) jsExceptionHere(JSET_ERROR, "key store: not written");
}

/*JSON{ "type" : "hwinit", "generate" : "jswrap_sodium_hwinit"
}*/
void jswrap_sodium_hwinit(void) {
  // Without a source of randomness there is no toy: better not to start.
  entropyStart();
  if (sodium_init() < 0) jshReboot();
  keyslotsStart();
}

/*JSON{ "type" : "kill", "generate" : "jswrap_sodium_kill"
}*/
void jswrap_sodium_kill(void) {
  keyslotsForget();
  sodium_memzero(&streaming, sizeof(streaming));
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "random", "generate" : "jswrap_sodium_random",
  "params" : [["out", "JsVar", "filled"]]
}*/
void jswrap_sodium_random(JsVar *outVar) {
  BYTES(out);
  if (!bytesOpen(&out, outVar, "out")) return;
  randombytes_buf(out.data, out.length);
  bytesWriteBack(&out);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "load", "generate" : "jswrap_sodium_load",
  "params" : [["slot", "int", ""], ["bytes", "JsVar", "32 or 64"]]
}*/
void jswrap_sodium_load(int slot, JsVar *bytesVar) {
  BYTES(bytes);
  if (!isSlot(slot) || !bytesOpen(&bytes, bytesVar, "bytes")) return;
  if (bytes.length == KEY_BYTES || bytes.length == KEY_SLOT_BYTES)
    put(slot, bytes.data, bytes.length);
  else
    jsExceptionHere(JSET_TYPEERROR, "bytes: neither 32 nor 64");
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "generate", "generate" : "jswrap_sodium_generate",
  "params" : [["slot", "int", ""]]
}*/
void jswrap_sodium_generate(int slot) {
  if (!isSlot(slot)) return;
  uint8_t fresh[KEY_BYTES];
  randombytes_buf(fresh, sizeof(fresh));
  put(slot, fresh, sizeof(fresh));
  sodium_memzero(fresh, sizeof(fresh));
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "copy", "generate" : "jswrap_sodium_copy",
  "params" : [["from", "int", ""], ["to", "int", ""]]
}*/
void jswrap_sodium_copy(int from, int to) {
  if (isSlot(from) && isSlot(to)) put(to, keyslot(from), KEY_SLOT_BYTES);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "clear", "generate" : "jswrap_sodium_clear",
  "params" : [["slot", "int", ""]]
}*/
void jswrap_sodium_clear(int slot) {
  if (isSlot(slot)) put(slot, NULL, 0);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "has", "generate" : "jswrap_sodium_has",
  "params" : [["slot", "int", ""]], "return" : ["bool", "anything but zeros"]
}*/
bool jswrap_sodium_has(int slot) { return isSlot(slot) && keyslotHas(slot); }

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "publicKey", "generate" : "jswrap_sodium_publicKey",
  "params" : [["slot", "int", ""], ["out", "JsVar", "32 bytes"]]
}*/
void jswrap_sodium_publicKey(int slot, JsVar *outVar) {
  BYTES(out);
  if (!isSlot(slot) || !bytesOpenExactly(&out, outVar, KEY_BYTES, "out")) return;
  crypto_scalarmult_base(out.data, keyslot(slot));
  bytesWriteBack(&out);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "dh", "generate" : "jswrap_sodium_dh",
  "params" : [["secret", "int", ""], ["peer", "JsVar", "32 bytes"], ["out", "int", ""]], "return" : ["bool", "not of small order"]
}*/
bool jswrap_sodium_dh(int secret, JsVar *peerVar, int out) {
  BYTES(peer);
  if (!isSlot(secret) || !isSlot(out) || !bytesOpenExactly(&peer, peerVar, KEY_BYTES, "peer")) return false;
  uint8_t shared[KEY_BYTES];
  bool good = crypto_scalarmult(shared, keyslot(secret), peer.data) == 0;
  put(out, shared, good ? KEY_BYTES : 0);
  sodium_memzero(shared, sizeof(shared));
  return good;
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "verify", "generate" : "jswrap_sodium_verify",
  "params" : [["signature", "JsVar", "64 bytes"], ["a", "JsVar", ""], ["b", "JsVar", ""], ["publicKey", "JsVar", "32 bytes"]],
  "return" : ["bool", "genuine"]
}*/
bool jswrap_sodium_verify(JsVar *signatureVar, JsVar *aVar, JsVar *bVar, JsVar *publicKeyVar) {
  BYTES(signature);
  BYTES(a);
  BYTES(b);
  BYTES(publicKey);
  if (!bytesOpenExactly(&signature, signatureVar, crypto_sign_BYTES, "signature") || !bytesOpen(&a, aVar, "a") ||
      !bytesOpen(&b, bVar, "b") || !bytesOpenExactly(&publicKey, publicKeyVar, KEY_BYTES, "publicKey"))
    return false;
  // One after the other on the heap: as variables they would take as much room as a policy once more.
  uint8_t *message = malloc(a.length + b.length + 1);
  if (!message) {
    jsExceptionHere(JSET_ERROR, "verify: no memory");
    return false;
  }
  memcpy(message, a.data, a.length);
  memcpy(message + a.length, b.data, b.length);
  bool good = crypto_sign_verify_detached(signature.data, message, a.length + b.length, publicKey.data) == 0;
  free(message);
  return good;
}

/** BLAKE2b of `a` then `b`, keyed if `key` is not NULL. False if an exception was raised. */
static bool blake(uint8_t *out, size_t outLength, const uint8_t *key, JsVar *aVar, JsVar *bVar) {
  BYTES(a);
  BYTES(b);
  if (outLength < 1 || outLength > HASH_BYTES) {
    jsExceptionHere(JSET_TYPEERROR, "out: not 1 to 64 bytes");
    return false;
  }
  if (!bytesOpen(&a, aVar, "a") || !bytesOpen(&b, bVar, "b")) return false;
  crypto_generichash_state state;
  crypto_generichash_init(&state, key, key ? KEY_BYTES : 0, outLength);
  crypto_generichash_update(&state, a.data, a.length);
  crypto_generichash_update(&state, b.data, b.length);
  crypto_generichash_final(&state, out, outLength);
  sodium_memzero(&state, sizeof(state));
  return true;
}

/** As `blake` into an array, which may be `a` or `b`: it is written only when all has been read. */
static void blakeTo(JsVar *outVar, const uint8_t *key, JsVar *a, JsVar *b) {
  BYTES(out);
  uint8_t result[HASH_BYTES];
  if (!bytesOpen(&out, outVar, "out") || !blake(result, out.length, key, a, b)) return;
  memcpy(out.data, result, out.length);
  bytesWriteBack(&out);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "hash", "generate" : "jswrap_sodium_hash",
  "params" : [["out", "JsVar", "1-64 bytes"], ["a", "JsVar", ""], ["b", "JsVar", ""]]
}*/
void jswrap_sodium_hash(JsVar *out, JsVar *a, JsVar *b) { blakeTo(out, NULL, a, b); }

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "mac", "generate" : "jswrap_sodium_mac",
  "params" : [["out", "JsVar", "1-64 bytes"], ["key", "int", ""], ["a", "JsVar", ""], ["b", "JsVar", ""]]
}*/
void jswrap_sodium_mac(JsVar *out, int key, JsVar *a, JsVar *b) {
  if (isSlot(key)) blakeTo(out, keyslot(key), a, b);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "derive", "generate" : "jswrap_sodium_derive",
  "params" : [["out", "int", ""], ["key", "int", ""], ["a", "JsVar", ""], ["b", "JsVar", ""]]
}*/
void jswrap_sodium_derive(int out, int key, JsVar *a, JsVar *b) {
  uint8_t derived[KEY_BYTES];
  if (!isSlot(out) || !isSlot(key) || !blake(derived, KEY_BYTES, keyslot(key), a, b)) return;
  put(out, derived, KEY_BYTES);
  sodium_memzero(derived, sizeof(derived));
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "hashStart", "generate" : "jswrap_sodium_hashStart"
}*/
void jswrap_sodium_hashStart(void) { crypto_generichash_init(&streaming, NULL, 0, KEY_BYTES); }

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "hashUpdate", "generate" : "jswrap_sodium_hashUpdate",
  "params" : [["buffer", "JsVar", ""], ["offset", "int", ""], ["length", "int", ""]]
}*/
void jswrap_sodium_hashUpdate(JsVar *bufferVar, int offset, int length) {
  BYTES(buffer);
  if (!bytesOpen(&buffer, bufferVar, "buffer") || !bytesHold(&buffer, offset, length, "buffer")) return;
  crypto_generichash_update(&streaming, buffer.data + offset, (size_t)length);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "hashEnd", "generate" : "jswrap_sodium_hashEnd",
  "params" : [["out", "JsVar", "32 bytes"]]
}*/
void jswrap_sodium_hashEnd(JsVar *outVar) {
  BYTES(out);
  if (!bytesOpenExactly(&out, outVar, KEY_BYTES, "out")) return;
  if (crypto_generichash_final(&streaming, out.data, KEY_BYTES) != 0) {
    jsExceptionHere(JSET_ERROR, "hash: not started");
    return;
  }
  bytesWriteBack(&out);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "mixKey", "generate" : "jswrap_sodium_mixKey",
  "params" : [["chain", "int", ""], ["input", "int", ""], ["key", "int", ""]]
}*/
void jswrap_sodium_mixKey(int chain, int input, int key) {
  uint8_t keys[2 * HASH_BYTES];
  if (!isSlot(chain) || !isSlot(input) || !isSlot(key)) return;
  noiseHkdf(keyslot(chain), keyslot(input), KEY_BYTES, keys, 2);
  put(chain, keys, HASH_BYTES);
  put(key, keys + HASH_BYTES, KEY_BYTES);
  sodium_memzero(keys, sizeof(keys));
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "mixKeyAndHash", "generate" : "jswrap_sodium_mixKeyAndHash",
  "params" : [["chain", "int", ""], ["input", "int", ""], ["h", "JsVar", "64 bytes"], ["key", "int", ""]]
}*/
void jswrap_sodium_mixKeyAndHash(int chain, int input, JsVar *hVar, int key) {
  uint8_t keys[3 * HASH_BYTES];
  crypto_generichash_state state;
  BYTES(h);
  if (!isSlot(chain) || !isSlot(input) || !isSlot(key) || !bytesOpenExactly(&h, hVar, HASH_BYTES, "h")) return;
  noiseHkdf(keyslot(chain), keyslot(input), KEY_BYTES, keys, 3);
  crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
  crypto_generichash_update(&state, h.data, HASH_BYTES);
  crypto_generichash_update(&state, keys + HASH_BYTES, HASH_BYTES);
  crypto_generichash_final(&state, h.data, HASH_BYTES);
  bytesWriteBack(&h);
  put(chain, keys, HASH_BYTES);
  put(key, keys + 2 * HASH_BYTES, KEY_BYTES);
  sodium_memzero(keys, sizeof(keys));
  sodium_memzero(&state, sizeof(state));
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "split", "generate" : "jswrap_sodium_split",
  "params" : [["chain", "int", ""], ["a", "int", ""], ["b", "int", ""]]
}*/
void jswrap_sodium_split(int chain, int a, int b) {
  uint8_t keys[2 * HASH_BYTES];
  if (!isSlot(chain) || !isSlot(a) || !isSlot(b)) return;
  noiseHkdf(keyslot(chain), NULL, 0, keys, 2);
  put(a, keys, KEY_BYTES);
  put(b, keys + HASH_BYTES, KEY_BYTES);
  sodium_memzero(keys, sizeof(keys));
}

/** The Noise nonce of a record: 4 zero bytes, then the number as u64, little-endian. */
static void nonceOf(uint64_t number, uint8_t *nonce) {
  memset(nonce, 0, NONCE_BYTES);
  for (int i = 0; i < 8; i++) nonce[4 + i] = (uint8_t)(number >> (8 * i));
}

// What sealing and opening are given, once it has been checked. Espruino passes four parameters at most, so the last ones come as an array.
typedef struct {
  Bytes ad, buffer;
  uint8_t nonce[NONCE_BYTES], *text;
  size_t length;
  int secret;
} Sealing;

static void closeSealing(Sealing *s) {
  bytesClose(&s->ad);
  bytesClose(&s->buffer);
}

/** Declares one that is closed when its block is left. */
#define SEALING(name) Sealing name __attribute__((cleanup(closeSealing))) = {0}

/** Reads the parameters after `key`; `extra` is what the buffer must hold beyond `length`. False if an exception was raised. */
static bool openSealing(Sealing *s, int key, JsVar *number, JsVar *ad, JsVar *rest, int extra) {
  JsVar *buffer = jsvGetArrayItem(rest, 0);
  int offset = (int)jsvGetIntegerAndUnLock(jsvGetArrayItem(rest, 1));
  int length = (int)jsvGetIntegerAndUnLock(jsvGetArrayItem(rest, 2));
  s->secret = (int)jsvGetIntegerAndUnLock(jsvGetArrayItem(rest, 3));
  bool good = isSlot(key) && bytesOpen(&s->ad, ad, "ad") && bytesOpen(&s->buffer, buffer, "buffer") &&
              bytesHold(&s->buffer, offset, length, "buffer") && bytesHold(&s->buffer, offset, length + extra, "buffer");
  JsVarFloat n = jsvGetFloat(number);
  if (good && !(n >= 0 && n <= 9007199254740991.0)) {
    jsExceptionHere(JSET_TYPEERROR, "number: out of range");
    good = false;
  }
  if (good) {
    nonceOf((uint64_t)n, s->nonce);
    s->text = s->buffer.data + offset;
    s->length = (size_t)length;
  }
  jsvUnLock(buffer);
  return good;
}

static void sealText(Sealing *s, int key) {
  crypto_aead_chacha20poly1305_ietf_encrypt_detached(s->text, s->text + s->length, NULL, s->text, s->length, s->ad.data,
                                                     s->ad.length, NULL, s->nonce, keyslot(key));
  bytesWriteBack(&s->buffer);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "seal", "generate" : "jswrap_sodium_seal",
  "params" : [["key", "int", ""], ["number", "JsVar", ""], ["ad", "JsVar", ""], ["rest", "JsVarArray", "buffer, offset, length"]]
}*/
void jswrap_sodium_seal(int key, JsVar *number, JsVar *ad, JsVar *rest) {
  SEALING(s);
  if (openSealing(&s, key, number, ad, rest, TAG_BYTES)) sealText(&s, key);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "open", "generate" : "jswrap_sodium_open",
  "params" : [["key", "int", ""], ["number", "JsVar", ""], ["ad", "JsVar", ""], ["rest", "JsVarArray", "buffer, offset, length"]],
  "return" : ["bool", "genuine"]
}*/
bool jswrap_sodium_open(int key, JsVar *number, JsVar *ad, JsVar *rest) {
  SEALING(s);
  if (!openSealing(&s, key, number, ad, rest, 0) || s.length < TAG_BYTES) return false; // too short to be genuine
  size_t length = s.length - TAG_BYTES;
  bool genuine = crypto_aead_chacha20poly1305_ietf_decrypt_detached(s.text, NULL, s.text, length, s.text + length, s.ad.data,
                                                                    s.ad.length, s.nonce, keyslot(key)) == 0;
  bytesWriteBack(&s.buffer);
  return genuine;
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "sealSecret", "generate" : "jswrap_sodium_sealSecret",
  "params" : [["key", "int", ""], ["number", "JsVar", ""], ["ad", "JsVar", ""], ["rest", "JsVarArray", "buffer, offset, length, secret"]]
}*/
void jswrap_sodium_sealSecret(int key, JsVar *number, JsVar *ad, JsVar *rest) {
  SEALING(s);
  if (!openSealing(&s, key, number, ad, rest, TAG_BYTES) || !isSlot(s.secret)) return;
  if (s.length < KEY_BYTES) {
    jsExceptionHere(JSET_TYPEERROR, "buffer: no room for a secret");
    return;
  }
  memcpy(s.text + s.length - KEY_BYTES, keyslot(s.secret), KEY_BYTES);
  sealText(&s, key);
}

/*JSON{ "type" : "staticmethod", "class" : "sodium", "name" : "rekey", "generate" : "jswrap_sodium_rekey",
  "params" : [["key", "int", ""]]
}*/
void jswrap_sodium_rekey(int key) {
  uint8_t nonce[NONCE_BYTES], text[KEY_BYTES] = {0}, tag[TAG_BYTES];
  if (!isSlot(key)) return;
  nonceOf(UINT64_MAX, nonce);
  crypto_aead_chacha20poly1305_ietf_encrypt_detached(text, tag, NULL, text, KEY_BYTES, NULL, 0, NULL, nonce, keyslot(key));
  put(key, text, KEY_BYTES);
  sodium_memzero(text, sizeof(text));
}
