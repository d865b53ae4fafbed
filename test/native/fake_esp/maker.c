// A maker, a cable, a bridge and a toy (maker.h).
#include "maker.h"
#include "check.h"
#include <sodium.h>

uint8_t makerKey[32], file[HEAD_BYTES + CODE_BYTES];
uint32_t fileBytes;
const uint8_t *running;
static uint8_t makerSecret[64];

static uint8_t letter(int version, uint32_t i) { return (uint8_t)(version * 31 + i * 7 + i / 256); }

void put16(uint8_t *to, int value) {
  to[0] = (uint8_t)value;
  to[1] = (uint8_t)(value >> 8);
}

void sign(void) { crypto_sign_detached(file + HEAD_SIGNATURE_AT, NULL, file, HEAD_SIGNATURE_AT, makerSecret); }

void make(int version, uint32_t length) {
  memset(file, 0, sizeof(file));
  memcpy(file, HEAD_CONTEXT, 16);
  put16(file + HEAD_BOARD_AT, BOARD);
  put16(file + HEAD_VERSION_AT, version);
  put16(file + HEAD_LENGTH_AT, (int)length);
  for (uint32_t i = 0; i < length; i++) file[HEAD_BYTES + i] = letter(version, i);
  crypto_generichash(file + HEAD_HASH_AT, HASH_BYTES, file + HEAD_BYTES, length, NULL, 0);
  sign();
  fileBytes = HEAD_BYTES + length;
}

uint8_t *slot(int which) { return fakeFlash + (PROGRAMS_ADDRESS - 0x2f0000) + which * PROGRAM_SLOT_BYTES; }

void place(int which) {
  memset(slot(which), 0xff, PROGRAM_SLOT_BYTES);
  memcpy(slot(which), file, HEAD_BYTES);
  memcpy(slot(which) + CODE_AT, file + HEAD_BYTES, fileBytes - HEAD_BYTES);
}

void placeVersion(int which, int version) {
  make(version, 5000 + (uint32_t)version);
  place(which);
}

void setHealthy(int which) { memset(slot(which) + HEALTHY_AT, 0, 4); }

void begin(void) {
  static const uint8_t seed[32] = {7};
  CHECK(sodium_init() >= 0);
  crypto_sign_seed_keypair(makerKey, makerSecret, seed);
  fakeErase();
  fakeFlashErase();
  fakeCutAfter = 0;
  const uint8_t *code;
  uint32_t length;
  CHECK(!programStart(false, &code, &length));
  CHECK(programOwn(makerKey));
}

static int startAs(bool isWake) {
  uint32_t length;
  if (!programStart(isWake, &running, &length)) return 0;
  int version = running[-(int)CODE_AT + HEAD_VERSION_AT];
  CHECK(length >= 1 && length <= CODE_BYTES);
  for (uint32_t i = 0; i < length; i++) CHECK(running[i] == letter(version, i));
  return version;
}

int start(void) { return startAs(false); }

int wake(void) { return startAs(true); }

bool powered(void (*work)(void)) {
  if (setjmp(fakePowerOff) != 0) return false;
  work();
  return true;
}

int code(void) {
  uint8_t state[STATE_BYTES];
  programState(state);
  CHECK(state[0] == OP_PROGRAM_STATE && state[2] == BOARD && state[3] == 0);
  return state[1];
}

uint32_t wanted(void) {
  uint8_t state[STATE_BYTES];
  programState(state);
  return state[6] | (uint32_t)state[7] << 8 | (uint32_t)state[8] << 16 | (uint32_t)state[9] << 24;
}

bool take(int op, uint32_t offset, const uint8_t *bytes, uint32_t length) {
  uint32_t head = op == OP_PIECE ? 5 : 1;
  static uint8_t *record; // until the next: the power may go before it is freed
  free(record);
  record = malloc(head + length);
  record[0] = (uint8_t)op;
  for (uint32_t i = 1; i < head; i++) record[i] = (uint8_t)(offset >> (8 * (i - 1)));
  memcpy(record + head, bytes, length);
  return programTake(record, head + length);
}

int offer(void) {
  CHECK(take(OP_PROGRAM, 0, file, HEAD_BYTES));
  return code();
}

int piece(uint32_t offset) {
  uint32_t rest = fileBytes - HEAD_BYTES - offset;
  CHECK(take(OP_PIECE, offset, file + HEAD_BYTES + offset, rest < PIECE_BYTES ? rest : PIECE_BYTES));
  return code();
}

int bring(void) {
  int last = offer();
  while (last == WANTED) last = piece(wanted());
  return last;
}
