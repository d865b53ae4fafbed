// Bytes that are kept in NVS as two entries, of which the newer counts.
#include "entry_esp32.h"
#include "nvs.h"
#include "nvs_flash.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

// A partition of its own: Espruino's start erases the one called "nvs" when it is full, and the toy's identity would go with it.
#ifndef PAWPOST_KEYS_PARTITION
#define PAWPOST_KEYS_PARTITION "pawkeys"
#endif

#define CHECK_BYTES 16

typedef struct {
  uint32_t number;
  uint8_t rest[ENTRY_BYTES_MAX + CHECK_BYTES]; // what is kept, then BLAKE2b of all before: against a half-written or worn entry, not a thief
} Written;

typedef enum { ABSENT, WHOLE, BROKEN } Found;

static bool openStore(nvs_handle_t *store) {
  return nvs_flash_init_partition(PAWPOST_KEYS_PARTITION) == ESP_OK &&
         nvs_open_from_partition(PAWPOST_KEYS_PARTITION, "pawpost", NVS_READWRITE, store) == ESP_OK;
}

static size_t checkedBytes(const Entry *entry) { return sizeof(uint32_t) + entry->length; }

static void checkOf(const Entry *entry, const Written *written, uint8_t *check) {
  crypto_generichash(check, CHECK_BYTES, (const uint8_t *)written, checkedBytes(entry), NULL, 0);
}

static Found find(nvs_handle_t store, const Entry *entry, int which, Written *written) {
  uint8_t check[CHECK_BYTES];
  size_t length = checkedBytes(entry) + CHECK_BYTES, found = length;
  esp_err_t result = nvs_get_blob(store, entry->names[which], written, &found);
  if (result == ESP_ERR_NVS_NOT_FOUND) return ABSENT;
  if (result != ESP_OK || found != length) return BROKEN;
  checkOf(entry, written, check);
  return sodium_memcmp(check, written->rest + entry->length, CHECK_BYTES) == 0 ? WHOLE : BROKEN;
}

static bool forget(nvs_handle_t store, const Entry *entry, int which) {
  esp_err_t erased = nvs_erase_key(store, entry->names[which]);
  return (erased == ESP_OK || erased == ESP_ERR_NVS_NOT_FOUND) && nvs_commit(store) == ESP_OK;
}

bool entryRead(Entry *entry, uint8_t *kept) {
  nvs_handle_t store;
  Written written;
  Found found[2];
  bool isWhole = false;
  entry->number = 0;
  entry->current = 1;
  if (!openStore(&store)) abort();
  for (int i = 0; i < 2; i++) {
    found[i] = find(store, entry, i, &written);
    if (found[i] != WHOLE || (isWhole && written.number <= entry->number)) continue;
    isWhole = true;
    entry->current = i;
    entry->number = written.number;
    memcpy(kept, written.rest, entry->length);
  }
  sodium_memzero(&written, sizeof(written));
  if (isWhole && found[1 - entry->current] != ABSENT) forget(store, entry, 1 - entry->current); // what a power cut has left
  // A toy that started without its keys would look unpaired and could be taken over: rather none than that one.
  if (!isWhole && (found[0] == BROKEN || found[1] == BROKEN)) abort();
  nvs_close(store);
  return isWhole;
}

bool entryWrite(Entry *entry, const uint8_t *kept) {
  nvs_handle_t store;
  Written next;
  int other = 1 - entry->current;
  if (!openStore(&store)) return false;
  next.number = entry->number + 1;
  memcpy(next.rest, kept, entry->length);
  checkOf(entry, &next, next.rest + entry->length);
  bool written = nvs_set_blob(store, entry->names[other], &next, checkedBytes(entry) + CHECK_BYTES) == ESP_OK && nvs_commit(store) == ESP_OK;
  // Read back before the old one goes.
  written = written && find(store, entry, other, &next) == WHOLE && next.number == entry->number + 1 &&
            memcmp(next.rest, kept, entry->length) == 0;
  sodium_memzero(&next, sizeof(next));
  if (written) {
    entry->number++;
    entry->current = other;
    forget(store, entry, 1 - other); // keys that were erased must not come back; if this fails the next start does it
  } else
    forget(store, entry, other); // else the next start would take what this one has called not written
  nvs_close(store);
  return written;
}
