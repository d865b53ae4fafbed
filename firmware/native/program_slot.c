// One of the two places for a program: what its head says, whether it may run, and what has become of it.
#include "program_slot.h"
#include <sodium.h>
#include <string.h>

static const uint8_t unused[4] = {0xff, 0xff, 0xff, 0xff};
static const uint8_t used[4] = {0};

static uint32_t number(const uint8_t *bytes, int length) {
  uint32_t value = 0;
  for (int i = length - 1; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

bool headRead(const uint8_t *bytes, ProgramHead *head) {
  head->board = (uint16_t)number(bytes + HEAD_BOARD_AT, 2);
  head->version = (uint16_t)number(bytes + HEAD_VERSION_AT, 2);
  head->length = number(bytes + HEAD_LENGTH_AT, 4);
  memcpy(head->hash, bytes + HEAD_HASH_AT, HASH_BYTES);
  return memcmp(bytes, HEAD_CONTEXT, HEAD_BOARD_AT) == 0 && head->length >= 1 && head->length <= CODE_BYTES &&
         sodium_is_zero(bytes + HEAD_ZEROS_AT, HEAD_HASH_AT - HEAD_ZEROS_AT);
}

bool headIsSigned(const uint8_t *bytes, const Maker *maker) {
  return crypto_sign_verify_detached(bytes + HEAD_SIGNATURE_AT, bytes, HEAD_SIGNATURE_AT, maker->key) == 0;
}

const uint8_t *slotBytes(int slot) { return programFlash() + (uint32_t)slot * PROGRAM_SLOT_BYTES; }

bool slotHasCode(int slot, const ProgramHead *head) {
  uint8_t hash[HASH_BYTES];
  crypto_generichash(hash, sizeof(hash), slotBytes(slot) + CODE_AT, head->length, NULL, 0);
  return memcmp(hash, head->hash, sizeof(hash)) == 0;
}

bool slotIsGood(int slot, const Maker *maker, ProgramHead *head) {
  const uint8_t *bytes = slotBytes(slot);
  return headRead(bytes, head) && head->board == programBoard() && head->version >= maker->floor && headIsSigned(bytes, maker) &&
         slotHasCode(slot, head);
}

// A word whose write was cut short has been written: it is what was meant.
static bool isUsed(int slot, uint32_t at) { return memcmp(slotBytes(slot) + at, unused, sizeof(unused)) != 0; }

bool slotIsHealthy(int slot) { return isUsed(slot, HEALTHY_AT); }

bool slotSetHealthy(int slot) { return slotIsHealthy(slot) || slotWrite(slot, HEALTHY_AT, used, sizeof(used)); }

/** Where the next try's word is; 0 if all are used. */
static uint32_t nextTry(int slot) {
  for (uint32_t at = TRIES_AT; at < TRIES_AT + 4 * TRIES; at += 4)
    if (!isUsed(slot, at)) return at;
  return 0;
}

bool slotHasTries(int slot) { return nextTry(slot) != 0; }

bool slotUseTry(int slot) {
  uint32_t at = nextTry(slot);
  return at != 0 && slotWrite(slot, at, used, sizeof(used));
}

static uint32_t address(int slot, uint32_t offset) { return PROGRAMS_ADDRESS + (uint32_t)slot * PROGRAM_SLOT_BYTES + offset; }

static bool isErased(const uint8_t *sector) {
  for (uint32_t i = 0; i < SECTOR_BYTES; i++)
    if (sector[i] != 0xff) return false;
  return true;
}

bool slotErase(int slot, uint32_t offset) {
  flashErase(address(slot, offset));
  return isErased(slotBytes(slot) + offset);
}

bool slotClear(int slot) {
  static const uint8_t zeros[HEAD_BYTES];
  if (isErased(slotBytes(slot))) return true;
  return slotWrite(slot, 0, zeros, HEAD_BYTES) && slotErase(slot, 0);
}

bool slotWrite(int slot, uint32_t offset, const uint8_t *bytes, uint32_t length) {
  uint32_t at = address(slot, offset);
  uint32_t whole = length & ~3u;
  if (whole > 0) flashWrite(at, bytes, whole);
  if (length > whole) {
    uint8_t last[4] = {0xff, 0xff, 0xff, 0xff};
    memcpy(last, bytes + whole, length - whole);
    flashWrite(at + whole, last, sizeof(last));
  }
  return memcmp(slotBytes(slot) + offset, bytes, length) == 0;
}
