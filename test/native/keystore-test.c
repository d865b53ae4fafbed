// The key store over an NVS that loses or tears what it was writing: after any power cut the toy has its old keys or its new ones.
#include "check.h"
#include "keyslots.h"
#include "storage.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static uint8_t mark(int write, int slot) { return (uint8_t)(1 + write * 8 + slot); }

static void put(int slot, uint8_t byte) {
  uint8_t bytes[KEY_SLOT_BYTES];
  memset(bytes, byte, sizeof(bytes));
  CHECK(keyslotPut(slot, bytes, byte == 0 ? 0 : sizeof(bytes)));
}

static bool holds(int slot, uint8_t byte) {
  for (int i = 0; i < KEY_SLOT_BYTES; i++)
    if (keyslot(slot)[i] != byte) return false;
  return true;
}

/** True if a start with what is stored stops the toy instead of giving it no keys. */
static bool refuses(void) {
  pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    keyslotsStart();
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void keeps(void) {
  keyslotsStart();
  for (int slot = 0; slot < KEY_SLOTS; slot++) CHECK(!keyslotHas(slot));
  for (int slot = 0; slot < KEY_SLOTS; slot++) put(slot, mark(0, slot));
  keyslotsStart();
  for (int slot = 0; slot < KEY_SLOTS; slot++) CHECK(slot < KEPT_SLOTS ? holds(slot, mark(0, slot)) : !keyslotHas(slot));
}

static void erased(void) {
  uint8_t secret[KEY_SLOT_BYTES];
  memset(secret, 77, sizeof(secret));
  keyslotsStart();
  put(2, 77);
  CHECK(fakeHolds(secret, sizeof(secret)));
  put(2, 0);
  CHECK(!fakeHolds(secret, sizeof(secret)) && fakePairs() == 1);
}

/** Runs `work` until it is done or the power goes; true if it is done. */
static bool powered(void (*work)(void)) {
  if (setjmp(fakePowerOff) != 0) return false;
  work();
  return true;
}

static int writes; // done before the power went

static void writeRow(void) {
  for (writes = 0; writes < 8; writes++) put(1, mark(writes, 1));
}

static void cutAt(int operation, FakeCut how) {
  fakeErase();
  fakeCutAfter = 0;
  keyslotsStart();
  put(0, 200);
  put(1, 201);
  fakeOperations = 0;
  fakeCutAfter = operation;
  fakeCut = how;
  if (powered(writeRow)) return;
  fakeOperations = 0;
  fakeCutAfter = 1; // the next start's repair is cut, too
  powered(keyslotsStart);
  fakeCutAfter = 0;
  keyslotsStart();
  uint8_t before = writes == 0 ? 201 : mark(writes - 1, 1);
  CHECK(holds(0, 200));
  CHECK(holds(1, before) || holds(1, mark(writes, 1)));
  for (int slot = 2; slot < KEPT_SLOTS; slot++) CHECK(!keyslotHas(slot));
  uint8_t kept = keyslot(1)[0];
  keyslotsStart();
  CHECK(holds(1, kept) && fakePairs() == 1); // and stays with what it has said
  put(1, 9);
  keyslotsStart();
  CHECK(holds(1, 9) && holds(0, 200));
}

/** At each operation of a row of writes, in each way. */
static void cuts(void) {
  for (int operation = 1; operation <= 20; operation++)
    for (int how = CUT_LOSES; how <= CUT_TEARS; how++) cutAt(operation, (FakeCut)how);
}

static void full(void) {
  uint8_t bytes[KEY_SLOT_BYTES] = {5};
  keyslotsStart();
  put(1, 3);
  fakeIsFull = true;
  CHECK(!keyslotPut(1, bytes, sizeof(bytes)) && holds(1, 3));
  fakeIsFull = false;
  keyslotsStart();
  CHECK(holds(1, 3));
}

static void refused(void) {
  uint8_t bytes[KEY_SLOT_BYTES] = {5};
  keyslotsStart();
  put(1, 3);
  fakeErasesNothing = true;
  put(1, 4); // written, though the old entry stays: the newer counts
  put(1, 6);
  keyslotsStart();
  CHECK(holds(1, 6) && fakePairs() == 2);
  fakeErasesNothing = false;
  keyslotsStart();
  CHECK(holds(1, 6) && fakePairs() == 1);
  fakeCommitsNothing = true;
  CHECK(!keyslotPut(1, bytes, sizeof(bytes)) && holds(1, 6));
  fakeCommitsNothing = false;
  keyslotsStart();
  CHECK(holds(1, 6)); // what was called not written is not there later
}

static void unreadable(void) {
  CHECK(!refuses()); // a new toy
  keyslotsStart();
  put(1, 3);
  CHECK(!refuses());
  fakeSpoil();
  CHECK(refuses());
  fakeSpoil();
  CHECK(!refuses());
  fakeIsMissing = true;
  CHECK(refuses());
}

static void wear(void) {
  keyslotsStart();
  put(1, 3);
  fakeOperations = 0;
  put(1, 3);
  put(12, 4);
  CHECK(fakeOperations == 0);
}

CASES(
  {"slots 0-7 outlive a start, the others do not", keeps},
  {"an erased key stands nowhere any more", erased},
  {"a power cut at any operation leaves the old keys or the new", cuts},
  {"a write that finds no room changes nothing", full},
  {"an erasure or a commit that fails changes nothing of what was said", refused},
  {"a toy whose keys cannot be read does not start without them", unreadable},
  {"what did not change is not written", wear},
)
