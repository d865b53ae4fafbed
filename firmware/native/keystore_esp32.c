// The key store of an ESP32: an entry of NVS.
#include "entry_esp32.h"
#include "keyslots.h"
#include <string.h>

#define KEPT_BYTES (KEPT_SLOTS * KEY_SLOT_BYTES)
_Static_assert(KEPT_BYTES <= ENTRY_BYTES_MAX, "an entry holds the slots");

static Entry keys = {.names = {"keys0", "keys1"}, .length = KEPT_BYTES};

void keystoreRead(uint8_t *kept) {
  if (!entryRead(&keys, kept)) memset(kept, 0, KEPT_BYTES);
}

bool keystoreWrite(const uint8_t *kept) { return entryWrite(&keys, kept); }
