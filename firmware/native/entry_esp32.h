// Bytes that are kept in NVS as two entries, of which the newer counts. NVS promises that a power cut costs no pair but the one that was being
// written; so the pair that counts is never the one that is written.
#ifndef PAWPOST_ENTRY_ESP32_H
#define PAWPOST_ENTRY_ESP32_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTRY_BYTES_MAX 512

typedef struct {
  const char *names[2];
  size_t length; // of what is kept, at most ENTRY_BYTES_MAX
  uint32_t number; // of the write that counts; the higher is the newer
  int current;     // the name whose entry counts
} Entry;

/** False if nothing was ever written. Stops the toy if there is something, but nothing whole. */
bool entryRead(Entry *entry, uint8_t *kept);
/** False if it was not written: what was there before counts. After an entryRead(). */
bool entryWrite(Entry *entry, const uint8_t *kept);

#endif
