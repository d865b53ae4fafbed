// Receives a newer program into the slot that does not run, piece by piece; its head is written last, so that what is not whole is nothing.
#include "program.h"
#include "program_running.h"
#include "program_slot.h"
#include <string.h>

typedef enum { WANTED, READY, NOT_NEWER, WRONG_BOARD, UNSIGNED, BROKEN, NO_ROOM, FAILED } Code;

/** Each begins with erasing a sector, which wears: a bridge that offers for ever must not wear it out. */
#define RECEPTIONS_LIMIT 32

static uint8_t offered[HEAD_BYTES];
static ProgramHead head;
static bool isReceiving, isReady;
static uint32_t next;
static int receptions;

// The last answer.
static Code code;
static uint16_t version;
static uint32_t wanted;

void programUpdateStart(void) {
  isReceiving = isReady = false;
  next = 0;
  receptions = 0;
  code = NOT_NEWER;
  version = 0;
  wanted = 0;
}

bool programIsReady(void) { return isReady; }

static void answer(Code what, uint32_t offset) {
  code = what;
  wanted = offset;
}

/** True if this version lies in the other slot, and was never healthy in all its tries. */
static bool hasFailed(uint16_t number) {
  ProgramHead other;
  int slot = programOtherSlot();
  return programRunningVersion() >= 0 && !slotHasTries(slot) && !slotIsHealthy(slot) && slotIsGood(slot, programMaker(), &other) &&
         other.version == number;
}

/** True if this very program lies whole in the other slot, to be tried: from before the toy started. */
static bool isThere(const uint8_t *bytes) {
  ProgramHead other;
  int slot = programOtherSlot();
  return memcmp(slotBytes(slot), bytes, HEAD_BYTES) == 0 && slotHasTries(slot) && slotIsGood(slot, programMaker(), &other);
}

static void end(Code what) {
  isReceiving = false;
  isReady = what == READY;
  answer(what, what == READY ? head.length : 0);
}

static void offer(const uint8_t *bytes) {
  ProgramHead other;
  bool isHead = headRead(bytes, &other);
  bool isSame = memcmp(bytes, offered, HEAD_BYTES) == 0;
  const Maker *maker = programMaker();
  version = other.version;
  if (isSame && isReceiving) return answer(WANTED, next);
  if (isSame && isReady) return answer(READY, head.length);
  if (!isHead || !maker) return answer(UNSIGNED, 0);
  if (other.board != programBoard()) return answer(WRONG_BOARD, 0);
  if (!headIsSigned(bytes, maker)) return answer(UNSIGNED, 0);
  if (other.version <= programRunningVersion() || other.version < maker->floor) return answer(NOT_NEWER, 0);
  if (hasFailed(other.version)) return answer(FAILED, 0);
  bool isWhole = isThere(bytes);
  if (programIsOnTrial() || (!isWhole && receptions >= RECEPTIONS_LIMIT)) return answer(NO_ROOM, 0);
  memcpy(offered, bytes, HEAD_BYTES);
  head = other;
  if (isWhole) return end(READY);
  next = 0;
  receptions++;
  if (!slotClear(programOtherSlot())) return end(NO_ROOM);
  isReceiving = true;
  isReady = false;
  answer(WANTED, 0);
}

/** Writes what has been checked to be the next of the code. False if the flash failed. */
static bool store(int slot, const uint8_t *bytes, uint32_t length) {
  for (uint32_t at = (next + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES; at < next + length; at += SECTOR_BYTES)
    if (!slotErase(slot, CODE_AT + at)) return false;
  return slotWrite(slot, CODE_AT + next, bytes, length);
}

static void take(uint32_t offset, const uint8_t *bytes, uint32_t length) {
  uint32_t rest = head.length - next;
  if (!isReceiving) return; // the last answer stands
  version = head.version;
  if (offset != next || length != (rest < PIECE_BYTES ? rest : PIECE_BYTES)) return answer(WANTED, next);
  int slot = programOtherSlot();
  if (!store(slot, bytes, length)) return end(NO_ROOM);
  next += length;
  if (next < head.length) return answer(WANTED, next);
  if (!slotHasCode(slot, &head)) return end(BROKEN);
  ProgramHead written;
  if (!slotWrite(slot, 0, offered, HEAD_BYTES) || !slotIsGood(slot, programMaker(), &written)) return end(NO_ROOM);
  end(READY);
}

bool programTake(const uint8_t *record, size_t length) {
  if (length == 1 + HEAD_BYTES && record[0] == OP_PROGRAM) {
    offer(record + 1);
    return true;
  }
  if (length > 5 && length <= 5 + PIECE_BYTES && record[0] == OP_PIECE) {
    uint32_t offset = record[1] | (uint32_t)record[2] << 8 | (uint32_t)record[3] << 16 | (uint32_t)record[4] << 24;
    take(offset, record + 5, (uint32_t)(length - 5));
    return true;
  }
  return false;
}

void programState(uint8_t *record) {
  uint16_t board = programBoard();
  record[0] = OP_PROGRAM_STATE;
  record[1] = (uint8_t)code;
  record[2] = (uint8_t)board;
  record[3] = (uint8_t)(board >> 8);
  record[4] = (uint8_t)version;
  record[5] = (uint8_t)(version >> 8);
  for (int i = 0; i < 4; i++) record[6 + i] = (uint8_t)(wanted >> (8 * i));
}
