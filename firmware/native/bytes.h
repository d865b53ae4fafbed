// A Uint8Array of JavaScript as bytes of C, for the length of one native call.
#ifndef PAWPOST_BYTES_H
#define PAWPOST_BYTES_H
#include "jsvar.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Espruino makes an array flat only when that saves variables (from 18 bytes on a C3, from 26 on Linux) and when so many are free in one
// row; else it is a chain of variables. Such an array is copied in and out: slower, but a toy whose memory is in pieces goes on.
#define BYTES_SMALL 64
#define BYTES_COPIED 4096 // nothing of ours is longer

typedef struct {
  uint8_t *data; // never kept after the call: a later collection may move what it points to
  size_t length;
  JsVar *copiedFrom; // not NULL if `data` is a copy
  uint8_t *heap;     // where a copy is that `small` cannot hold
  uint8_t small[BYTES_SMALL];
} Bytes;

/** Declares an unopened array that is closed when its block is left. */
#define BYTES(name) Bytes name __attribute__((cleanup(bytesClose))) = {0}

/** Opens `value`, which must be an array of single bytes. False, with a TypeError naming `what` raised, if it cannot be. */
bool bytesOpen(Bytes *bytes, JsVar *value, const char *what);
/** As bytesOpen; also demands exactly `length` bytes. */
bool bytesOpenExactly(Bytes *bytes, JsVar *value, size_t length, const char *what);
/** Frees and wipes a copy. Harmless if there is none. */
void bytesClose(Bytes *bytes);
/** Hands what was written to `data` back to JavaScript. Needed after every change of an opened array. */
void bytesWriteBack(Bytes *bytes);
/** True if [offset, offset+length) lies inside; else a RangeError-like TypeError is raised. */
bool bytesHold(const Bytes *bytes, int offset, int length, const char *what);

#endif
