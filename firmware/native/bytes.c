// A Uint8Array of JavaScript as bytes of C, for the length of one native call.
#include "bytes.h"
#include "jsinteractive.h"
#include "jsvariterator.h"
#include "meter.h"
#include <sodium.h>
#include <stdlib.h>

bool bytesOpen(Bytes *bytes, JsVar *value, const char *what) {
  meterSample();
  if (!jsvIsArrayBuffer(value) || JSV_ARRAYBUFFER_GET_SIZE(value->varData.arraybuffer.type) != 1) {
    jsExceptionHere(JSET_TYPEERROR, "%s: not a Uint8Array", what);
    return false;
  }
  // For arrays of one byte an element, the length in elements that Espruino gives is the length in bytes.
  bytes->data = (uint8_t *)jsvGetDataPointer(value, &bytes->length);
  if (bytes->data) return true;
  bytes->length = jsvGetArrayBufferLength(value);
  if (bytes->length <= BYTES_SMALL)
    bytes->data = bytes->small;
  else if (bytes->length <= BYTES_COPIED)
    bytes->data = bytes->heap = malloc(bytes->length);
  if (!bytes->data) {
    jsExceptionHere(JSET_TYPEERROR, "%s: neither flat nor small", what);
    return false;
  }
  jsvIterateCallbackToBytes(value, bytes->data, (unsigned)bytes->length);
  bytes->copiedFrom = value;
  return true;
}

void bytesClose(Bytes *bytes) {
  if (!bytes->copiedFrom) return;
  sodium_memzero(bytes->data, bytes->length);
  free(bytes->heap);
  bytes->copiedFrom = 0;
  bytes->heap = 0;
}

bool bytesOpenExactly(Bytes *bytes, JsVar *value, size_t length, const char *what) {
  if (!bytesOpen(bytes, value, what)) return false;
  if (bytes->length == length) return true;
  jsExceptionHere(JSET_TYPEERROR, "%s: not %d bytes", what, (int)length);
  return false;
}

void bytesWriteBack(Bytes *bytes) {
  if (!bytes->copiedFrom) return;
  JsvArrayBufferIterator it;
  jsvArrayBufferIteratorNew(&it, bytes->copiedFrom, 0);
  for (size_t i = 0; i < bytes->length; i++) {
    jsvArrayBufferIteratorSetByteValue(&it, (char)bytes->data[i]);
    jsvArrayBufferIteratorNext(&it);
  }
  jsvArrayBufferIteratorFree(&it);
}

bool bytesHold(const Bytes *bytes, int offset, int length, const char *what) {
  if (offset >= 0 && length >= 0 && (size_t)offset <= bytes->length && (size_t)length <= bytes->length - (size_t)offset)
    return true;
  jsExceptionHere(JSET_TYPEERROR, "%s: out of range", what);
  return false;
}
