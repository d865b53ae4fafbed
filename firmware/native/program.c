// Which program the toy runs: picked at power-on from two slots, on trial until its first healthy link (protocol/README.md section 16).
#include "program.h"
#include "program_running.h"
#include "program_slot.h"
#include <sodium.h>
#include <string.h>

#define NONE (-1)

static Maker maker;
static bool isOwned, isOnTrial, isConfirmed;
static int running = NONE;
static uint16_t version;

const Maker *programMaker(void) {
  if (!isOwned) isOwned = makerRead(&maker);
  return isOwned ? &maker : NULL;
}

int programOtherSlot(void) { return running == 0 ? 1 : 0; }

int programRunningVersion(void) { return running == NONE ? -1 : version; }

bool programIsOnTrial(void) { return isOnTrial; }

/** The slot with the higher version, of those that are good; NONE if none is. */
static int newest(const bool *isGood, const ProgramHead *heads) {
  if (!isGood[0] || !isGood[1]) return isGood[0] ? 0 : isGood[1] ? 1 : NONE;
  return heads[1].version > heads[0].version ? 1 : 0;
}

bool programStart(bool isWake, const uint8_t **code, uint32_t *length) {
  ProgramHead heads[PROGRAM_SLOTS];
  bool isGood[PROGRAM_SLOTS];
  isOwned = isOnTrial = isConfirmed = false;
  running = NONE;
  trialEnd();
  programUpdateStart();
  if (!programMaker()) return false;
  for (int slot = 0; slot < PROGRAM_SLOTS; slot++) isGood[slot] = slotIsGood(slot, &maker, &heads[slot]);
  int slot = newest(isGood, heads);
  if (slot == NONE) return false;
  if (!slotIsHealthy(slot)) {
    // The word is used up before the program runs: a program that stops the toy at once must not have endless tries.
    // A sleep ends where no bridge is near, or for a moment: the tries would be gone before one could be met.
    bool hasOther = isGood[1 - slot];
    bool hasTry = !(isWake && hasOther) && slotUseTry(slot);
    isOnTrial = hasTry && hasOther;
    if (!hasTry && hasOther) slot = 1 - slot;
  }
  running = slot;
  version = heads[slot].version;
  if (isOnTrial) trialStart();
  *code = slotBytes(slot) + CODE_AT;
  *length = heads[slot].length;
  return true;
}

void programConfirm(void) {
  if (running == NONE || isConfirmed) return;
  // The floor comes last: between the two the older program may still be started, never none.
  if (!slotSetHealthy(running)) return;
  trialEnd();
  isOnTrial = false;
  if (maker.floor < version) {
    Maker next = maker;
    next.floor = version;
    if (!makerWrite(&next)) return;
    maker = next;
  }
  isConfirmed = true;
}

bool programOwn(const uint8_t *key) {
  if (programMaker()) return memcmp(maker.key, key, MAKER_KEY_BYTES) == 0;
  if (sodium_is_zero(key, MAKER_KEY_BYTES)) return false;
  Maker first = {.floor = 0};
  memcpy(first.key, key, MAKER_KEY_BYTES);
  if (!makerWrite(&first)) return false;
  maker = first;
  return isOwned = true;
}

bool programMayWrite(uint32_t address, uint32_t length) {
  return running == NONE || (address >= GUARD_FROM && address < GUARD_END && length <= GUARD_END - address);
}
