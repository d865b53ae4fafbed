// The wrapper functions behind require('sodium'); native.d.ts says what each does.
#include "jsvar.h"

void jswrap_sodium_hwinit(void);
void jswrap_sodium_kill(void);
void jswrap_sodium_random(JsVar *out);
void jswrap_sodium_load(int slot, JsVar *bytes);
void jswrap_sodium_generate(int slot);
void jswrap_sodium_copy(int from, int to);
void jswrap_sodium_clear(int slot);
bool jswrap_sodium_has(int slot);
void jswrap_sodium_publicKey(int slot, JsVar *out);
bool jswrap_sodium_dh(int secret, JsVar *peer, int out);
bool jswrap_sodium_verify(JsVar *signature, JsVar *a, JsVar *b, JsVar *publicKey);
void jswrap_sodium_hash(JsVar *out, JsVar *a, JsVar *b);
void jswrap_sodium_mac(JsVar *out, int key, JsVar *a, JsVar *b);
void jswrap_sodium_derive(int out, int key, JsVar *a, JsVar *b);
void jswrap_sodium_hashStart(void);
void jswrap_sodium_hashUpdate(JsVar *buffer, int offset, int length);
void jswrap_sodium_hashEnd(JsVar *out);
void jswrap_sodium_mixKey(int chain, int input, int key);
void jswrap_sodium_mixKeyAndHash(int chain, int input, JsVar *h, int key);
void jswrap_sodium_split(int chain, int a, int b);
void jswrap_sodium_seal(int key, JsVar *number, JsVar *ad, JsVar *rest);
bool jswrap_sodium_open(int key, JsVar *number, JsVar *ad, JsVar *rest);
void jswrap_sodium_sealSecret(int key, JsVar *number, JsVar *ad, JsVar *rest);
void jswrap_sodium_rekey(int key);
