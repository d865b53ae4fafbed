// Sixteen slots of 64 bytes that hold every secret of the toy; 0-7 outlive a power cut (protocol/README.md section 4).
#include "keyslots.h"
#include <sodium.h>
#include <string.h>

static uint8_t slots[KEY_SLOTS][KEY_SLOT_BYTES];

void keyslotsStart(void) {
  sodium_memzero(slots, sizeof(slots));
  keystoreRead(slots[0]);
}

const uint8_t *keyslot(int slot) { return slots[slot]; }

bool keyslotPut(int slot, const uint8_t *bytes, size_t length) {
  uint8_t before[KEY_SLOT_BYTES], after[KEY_SLOT_BYTES] = {0};
  bool kept = true;
  memcpy(before, slots[slot], KEY_SLOT_BYTES);
  if (length) memcpy(after, bytes, length); // before the slot changes: `bytes` may lie in one
  memcpy(slots[slot], after, KEY_SLOT_BYTES);
  // Flash wears: what did not change is not written again.
  if (slot < KEPT_SLOTS && memcmp(before, after, KEY_SLOT_BYTES) != 0 && !keystoreWrite(slots[0])) {
    memcpy(slots[slot], before, KEY_SLOT_BYTES);
    kept = false;
  }
  sodium_memzero(before, sizeof(before));
  sodium_memzero(after, sizeof(after));
  return kept;
}

bool keyslotHas(int slot) { return !sodium_is_zero(slots[slot], KEY_SLOT_BYTES); }

void keyslotsForget(void) { sodium_memzero(slots[KEPT_SLOTS], (KEY_SLOTS - KEPT_SLOTS) * KEY_SLOT_BYTES); }
