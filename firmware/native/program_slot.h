// One of the two places for a program: what its head says, whether it may run, and what has become of it.
#ifndef PAWPOST_PROGRAM_SLOT_H
#define PAWPOST_PROGRAM_SLOT_H
#include "program_layout.h"
#include "program_port.h"

typedef struct {
  uint16_t board;
  uint16_t version;
  uint32_t length; // of the code, 1 to CODE_BYTES
  uint8_t hash[HASH_BYTES];
} ProgramHead;

/** Reads HEAD_BYTES, which are hostile. False if they are no head; says nothing about who signed it. */
bool headRead(const uint8_t *bytes, ProgramHead *head);
bool headIsSigned(const uint8_t *bytes, const Maker *maker);

/** What lies in `slot`, from its first byte; PROGRAM_SLOT_BYTES. */
const uint8_t *slotBytes(int slot);
/** True if the toy may run what is in `slot`: this board's, signed by its maker, not below the floor, whole. Fills `head`. */
bool slotIsGood(int slot, const Maker *maker, ProgramHead *head);
/** True if `hash` is that of the first `length` bytes of the code. */
bool slotHasCode(int slot, const ProgramHead *head);

bool slotIsHealthy(int slot);
/** Idempotent. False if the flash did not take it. */
bool slotSetHealthy(int slot);
bool slotHasTries(int slot);
/** False if there is none left, or the flash did not take it. */
bool slotUseTry(int slot);

/** Erases the sector that begins at `offset` of the slot. False if it is not empty afterwards. */
bool slotErase(int slot, uint32_t offset);
/**
 * Makes the first sector blank. Its head goes first, in a write of its own: what an erasure leaves that is cut short is any mixture, and the
 * old head must not stand there with its tries given back. False if the flash failed.
 */
bool slotClear(int slot);
/** Writes at a multiple of 4; an end that is none is filled up. False if the flash holds something else afterwards. */
bool slotWrite(int slot, uint32_t offset, const uint8_t *bytes, uint32_t length);

#endif
