// Which program runs, on the ESP32's stores over flash that tears: one that is whole, this board's, its maker's, and not below the floor.
#include "check.h"
#include "maker.h"

static void signedOnly(void) {
  begin();
  CHECK(start() == 0);
  placeVersion(0, 4);
  CHECK(start() == 4);
  placeVersion(1, 4);
  memset(slot(0), 0xff, PROGRAM_SLOT_BYTES);
  CHECK(start() == 4 && running == slot(1) + CODE_AT);
  memset(slot(1), 0xff, PROGRAM_SLOT_BYTES);
  for (uint32_t bit = 0; bit < HEAD_BYTES * 8; bit++) {
    placeVersion(0, 4);
    slot(0)[bit / 8] ^= (uint8_t)(1 << bit % 8);
    CHECK(start() == 0);
  }
  for (uint32_t i = 0; i < 5004; i += 77) {
    placeVersion(0, 4);
    slot(0)[CODE_AT + i] ^= 1;
    CHECK(start() == 0);
  }
  // Signed by the maker, and still none.
  static const struct {
    int at, value;
  } fields[] = {{HEAD_BOARD_AT, BOARD + 1}, {HEAD_LENGTH_AT, 0}, {HEAD_LENGTH_AT, CODE_BYTES + 1}, {HEAD_ZEROS_AT, 1}, {0, 'q'}};
  for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
    make(4, 100);
    put16(file + fields[i].at, fields[i].value);
    sign();
    place(0);
    CHECK(start() == 0);
  }
  make(4, CODE_BYTES);
  place(1);
  CHECK(start() == 4); // as long as can be, at the end of all
}

static void owner(void) {
  uint8_t other[32] = {0};
  begin();
  CHECK(programOwn(makerKey));
  CHECK(!programOwn(other));
  other[3] = 1;
  CHECK(!programOwn(other));
  placeVersion(0, 3);
  CHECK(start() == 3);
  fakeErase(); // a toy without a maker
  CHECK(start() == 0);
  CHECK(offer() == UNSIGNED);
  memset(other, 0, sizeof(other));
  CHECK(!programOwn(other)); // not a key: memory that was never filled
  fakeIsFull = true;
  CHECK(!programOwn(makerKey));
  fakeIsFull = false;
  CHECK(start() == 0);
}

static void tries(void) {
  begin();
  placeVersion(0, 3);
  for (int i = 0; i < 9; i++) CHECK(start() == 3 && !fakeTimerRuns); // the only one runs for ever
  placeVersion(1, 4);
  for (int i = 0; i < TRIES; i++) CHECK(start() == 4 && fakeTimerRuns);
  for (int i = 0; i < 9; i++) CHECK(start() == 3 && !fakeTimerRuns);
  make(4, 99);
  CHECK(offer() == FAILED); // whatever its code, this version is known
  make(5, 99);
  CHECK(bring() == READY && start() == 5 && fakeTimerRuns);
}

static void wakes(void) {
  begin();
  placeVersion(0, 3);
  for (int i = 0; i < 9; i++) CHECK(wake() == 3); // the only one
  setHealthy(0);
  CHECK(start() == 3);
  make(4, 5000);
  CHECK(bring() == READY);
  for (int i = 0; i < 9; i++) CHECK(wake() == 3 && !fakeTimerRuns); // no try is used
  file[HEAD_VERSION_AT] ^= 1;
  CHECK(offer() == UNSIGNED && !programIsReady());
  file[HEAD_VERSION_AT] ^= 1;
  fakeOperations = 0;
  CHECK(offer() == READY && wanted() == 5000 && programIsReady() && fakeOperations == 0); // it is there already
  for (int i = 0; i < TRIES; i++) CHECK(start() == 4 && fakeTimerRuns);
  CHECK(wake() == 3);
  CHECK(offer() == FAILED);
  make(5, 5000);
  CHECK(bring() == READY && start() == 5);
  programConfirm();
  CHECK(wake() == 5);
}

static void ringsNow(void) { fakeTimerRings(); }

static void deadline(void) {
  begin();
  placeVersion(0, 3);
  placeVersion(1, 4);
  CHECK(start() == 4);
  CHECK(!powered(ringsNow));
  CHECK(start() == 4 && fakeTimerRuns);
  programConfirm();
  CHECK(!fakeTimerRuns);
  CHECK(start() == 4 && !fakeTimerRuns);
}

static void floorRises(void) {
  begin();
  placeVersion(0, 3);
  setHealthy(0);
  placeVersion(1, 4);
  CHECK(start() == 4);
  programConfirm();
  fakeOperations = 0;
  programConfirm();
  CHECK(fakeOperations == 0 && slot(1)[HEALTHY_AT] == 0);
  for (int i = 0; i < 9; i++) CHECK(start() == 4);
  memset(slot(1), 0xff, PROGRAM_SLOT_BYTES);
  CHECK(start() == 0); // signed, whole, healthy once: and too old
  make(3, 500);
  CHECK(bring() == NOT_NEWER);
  make(4, 500);
  CHECK(bring() == READY && start() == 4);
}

static void live(void) {
  for (int i = 0; i < 2; i++) CHECK(start() == 4);
  programConfirm();
}

static void fallBack(void) {
  for (int i = 0; i < TRIES; i++) CHECK(start() == 4);
  CHECK(start() == 3);
}

static void startOnce(void) { start(); }

static void cutsOf(void (*work)(void), int last) {
  for (int how = CUT_LOSES; how <= CUT_TEARS; how++) {
    for (int operation = 1;; operation++) {
      begin();
      placeVersion(0, 3);
      setHealthy(0);
      placeVersion(1, 4);
      fakeOperations = 0;
      fakeCutAfter = operation;
      fakeCut = (FakeCut)how;
      bool isDone = powered(work);
      fakeOperations = 0;
      fakeCutAfter = isDone ? 0 : 1; // and again, at once
      powered(startOnce);
      fakeCutAfter = 0;
      int version = start();
      CHECK(version == 3 || version == 4);
      if (isDone) {
        CHECK(version == last && operation > 3);
        break;
      }
      if (version == 4) programConfirm();
      for (int i = 0; i < 5; i++) CHECK(start() == version);
    }
  }
}

static void cutsOfTrial(void) {
  cutsOf(live, 4);
  cutsOf(fallBack, 3);
}

static void guarded(void) {
  begin();
  CHECK(programMayWrite(0, 16) && programMayWrite(0x320000, 4096)); // a new toy on a cable
  placeVersion(0, 3);
  CHECK(start() == 3);
  CHECK(programMayWrite(GUARD_FROM, 4) && programMayWrite(GUARD_END - 4, 4) && programMayWrite(GUARD_FROM, GUARD_END - GUARD_FROM));
  CHECK(!programMayWrite(GUARD_FROM - 4, 8) && !programMayWrite(GUARD_FROM - 4, 4) && !programMayWrite(GUARD_END, 4));
  CHECK(!programMayWrite(GUARD_END - 4, 8) && !programMayWrite(GUARD_FROM, 0xffffffff) && !programMayWrite(0xfffffffc, 8));
  CHECK(!programMayWrite(PROGRAMS_ADDRESS, 4) && !programMayWrite(0, 4));
}

CASES(
  {"nothing runs but what the maker signed, each bit of it", signedOnly},
  {"a maker is set once", owner},
  {"a program has three tries, then the older runs again", tries},
  {"the end of a sleep tries nothing, and what waits is there", wakes},
  {"a program on trial has a deadline until it is confirmed", deadline},
  {"what is confirmed stays, and nothing older runs again", floorRises},
  {"a power cut at any operation of a trial leaves one that runs", cutsOfTrial},
  {"JavaScript may change clips, policy and settings alone", guarded},
)
