// The maker's store of an ESP32: an entry of NVS, 34 bytes, key and floor.
#include "entry_esp32.h"
#include "program_port.h"
#include <string.h>

#define KEPT_BYTES (MAKER_KEY_BYTES + 2)

static Entry entry = {.names = {"maker0", "maker1"}, .length = KEPT_BYTES};

bool makerRead(Maker *maker) {
  uint8_t kept[KEPT_BYTES];
  if (!entryRead(&entry, kept)) return false;
  memcpy(maker->key, kept, MAKER_KEY_BYTES);
  maker->floor = (uint16_t)(kept[MAKER_KEY_BYTES] | kept[MAKER_KEY_BYTES + 1] << 8);
  return true;
}

bool makerWrite(const Maker *maker) {
  uint8_t kept[KEPT_BYTES];
  memcpy(kept, maker->key, MAKER_KEY_BYTES);
  kept[MAKER_KEY_BYTES] = (uint8_t)maker->floor;
  kept[MAKER_KEY_BYTES + 1] = (uint8_t)(maker->floor >> 8);
  return entryWrite(&entry, kept);
}
