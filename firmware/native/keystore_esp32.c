// The key store of an ESP32: two entries of NVS, of which the newer counts. NVS promises that a power cut costs no pair but the one that was being
// written; so the pair that holds the keys is never the one that is written.
#include "keyslots.h"
#include "nvs.h"
#include "nvs_flash.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

// A partition of its own: Espruino's start erases the one called "nvs" when it is full, and the toy's identity would go with it.
#ifndef PAWPOST_KEYS_PARTITION
#define PAWPOST_KEYS_PARTITION "pawkeys"
#endif

#define KEPT_BYTES (KEPT_SLOTS * KEY_SLOT_BYTES)
#define CHECK_BYTES 16

typedef struct {
  uint32_t number; // of the write; the higher is the newer
  uint8_t kept[KEPT_BYTES];
  uint8_t check[CHECK_BYTES]; // BLAKE2b of all before: against a half-written or worn entry, not against a thief
} Entry;

typedef enum { ABSENT, WHOLE, BROKEN } Found;

static const char *const names[2] = {"keys0", "keys1"};
static nvs_handle_t store;
static uint32_t number;
static int current; // the name whose entry counts

static void checkOf(const Entry *entry, uint8_t *check) {
  crypto_generichash(check, CHECK_BYTES, (const uint8_t *)entry, offsetof(Entry, check), NULL, 0);
}

static Found find(int which, Entry *entry) {
  uint8_t check[CHECK_BYTES];
  size_t length = sizeof(*entry);
  esp_err_t found = nvs_get_blob(store, names[which], entry, &length);
  if (found == ESP_ERR_NVS_NOT_FOUND) return ABSENT;
  if (found != ESP_OK || length != sizeof(*entry)) return BROKEN;
  checkOf(entry, check);
  return sodium_memcmp(check, entry->check, CHECK_BYTES) == 0 ? WHOLE : BROKEN;
}

static bool forget(int which) {
  esp_err_t erased = nvs_erase_key(store, names[which]);
  return (erased == ESP_OK || erased == ESP_ERR_NVS_NOT_FOUND) && nvs_commit(store) == ESP_OK;
}

void keystoreRead(uint8_t *kept) {
  Entry entries[2];
  Found found[2];
  memset(kept, 0, KEPT_BYTES);
  number = 0;
  current = 1;
  // A toy that started without its keys would look unpaired and could be taken over: rather none than that one.
  if (nvs_flash_init_partition(PAWPOST_KEYS_PARTITION) != ESP_OK) abort();
  if (nvs_open_from_partition(PAWPOST_KEYS_PARTITION, "pawpost", NVS_READWRITE, &store) != ESP_OK) abort();
  for (int i = 0; i < 2; i++) found[i] = find(i, &entries[i]);
  bool isFirst = found[0] == WHOLE && (found[1] != WHOLE || entries[0].number > entries[1].number);
  if (isFirst || found[1] == WHOLE) {
    current = isFirst ? 0 : 1;
    number = entries[current].number;
    memcpy(kept, entries[current].kept, KEPT_BYTES);
    if (found[1 - current] != ABSENT) forget(1 - current); // what a power cut has left
  } else if (found[0] == BROKEN || found[1] == BROKEN) {
    abort();
  }
  sodium_memzero(entries, sizeof(entries));
}

bool keystoreWrite(const uint8_t *kept) {
  Entry next;
  int other = 1 - current;
  next.number = number + 1;
  memcpy(next.kept, kept, KEPT_BYTES);
  checkOf(&next, next.check);
  bool written = nvs_set_blob(store, names[other], &next, sizeof(next)) == ESP_OK && nvs_commit(store) == ESP_OK;
  // Read back before the old keys go.
  written = written && find(other, &next) == WHOLE && next.number == number + 1 && memcmp(next.kept, kept, KEPT_BYTES) == 0;
  sodium_memzero(&next, sizeof(next));
  if (!written) {
    forget(other); // else the next start would take what this one has called not written
    return false;
  }
  number++;
  current = other;
  forget(1 - current); // keys that were erased must not come back; if this fails the next start does it
  return true;
}
