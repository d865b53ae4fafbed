// A Uint8Array of JavaScript as bytes of C, for the length of one native call.
#ifndef PAWPOST_BYTES_H
#define PAWPOST_BYTES_H
#include "jsvar.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Espruino makes an array flat only when that saves variables (from 18 bytes on a C3, from 26 on Linux), so nonces and ids
// are chains of variables: up to this size they are copied in and out. Anything longer must be flat.
#define BYTES_COPIED 64

typedef struct {
  uint8_t *data;  // never kept after the call: a later collection may move what it points to
  size_t length;
  JsVar *copiedFrom; // not NULL if `data` is `copy`
  uint8_t copy[BYTES_COPIED];
} Bytes;

/** Opens `value`, which must be an array of single bytes. False, with a TypeError naming `what` raised, if it cannot be. */
bool bytesOpen(Bytes *bytes, JsVar *value, const char *what);
/** As bytesOpen; also demands exactly `length` bytes. */
bool bytesOpenExactly(Bytes *bytes, JsVar *value, size_t length, const char *what);
/** Hands what was written to `data` back to JavaScript. Needed after every change of an opened array. */
void bytesWriteBack(Bytes *bytes);
/** True if [offset, offset+length) lies inside; else a RangeError-like TypeError is raised. */
bool bytesHold(const Bytes *bytes, int offset, int length, const char *what);

#endif
