// A program that is brought over the link, to the ESP32's stores over flash that tears: it runs when it is whole, and the one before it till then.
#include "check.h"
#include "maker.h"

static void receives(void) {
  begin();
  placeVersion(1, 3);
  setHealthy(1);
  CHECK(start() == 3 && code() == NOT_NEWER && !programIsReady());
  static const uint32_t lengths[] = {1, 2, 767, 768, 769, 4096, 4097, 8192, 12345, CODE_BYTES};
  for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
    int version = 4 + (int)i;
    make(version, lengths[i]);
    CHECK(bring() == READY && wanted() == lengths[i] && programIsReady());
    CHECK(offer() == READY);
    CHECK(start() == version && !programIsReady());
    programConfirm();
  }
}

static void steps(void) {
  begin();
  placeVersion(0, 3);
  setHealthy(0);
  CHECK(start() == 3);
  make(4, 2000);
  CHECK(piece(0) == NOT_NEWER); // nobody has offered
  CHECK(offer() == WANTED && wanted() == 0);
  CHECK(piece(768) == WANTED && wanted() == 0);
  CHECK(take(OP_PIECE, 0, file + HEAD_BYTES, 767) && wanted() == 0);
  CHECK(piece(0) == WANTED && wanted() == 768);
  CHECK(piece(0) == WANTED && wanted() == 768);
  CHECK(offer() == WANTED && wanted() == 768); // a new link goes on
  CHECK(piece(768) == WANTED && wanted() == 1536);
  CHECK(take(OP_PIECE, 1536, file + HEAD_BYTES + 1536, 465) && code() == WANTED && wanted() == 1536); // one byte too many
  file[60] ^= 1;
  CHECK(offer() == UNSIGNED);
  file[60] ^= 1;
  CHECK(piece(1536) == READY); // what another said has changed nothing
  make(5, 2000);
  CHECK(offer() == WANTED && wanted() == 0 && !programIsReady()); // another head begins anew
  file[HEAD_BYTES + 1000] ^= 1;
  CHECK(bring() == BROKEN && wanted() == 0 && !programIsReady());
  CHECK(piece(0) == BROKEN);
  CHECK(start() == 3);
  file[HEAD_BYTES + 1000] ^= 1;
  CHECK(bring() == READY && start() == 5);
  make(6, 2000);
  CHECK(offer() == NO_ROOM); // the only way back stays
  programConfirm();
  CHECK(bring() == READY && start() == 6);
}

static void refused(void) {
  begin();
  placeVersion(0, 3);
  setHealthy(0);
  CHECK(start() == 3);
  fakeOperations = 0;
  make(3, 2000);
  CHECK(offer() == NOT_NEWER);
  make(2, 2000);
  CHECK(offer() == NOT_NEWER);
  make(4, 2000);
  put16(file + HEAD_BOARD_AT, BOARD + 1);
  sign();
  CHECK(offer() == WRONG_BOARD);
  make(4, 2000);
  file[HEAD_SIGNATURE_AT + 63] ^= 1;
  CHECK(offer() == UNSIGNED);
  CHECK(fakeOperations == 0); // nothing in flash has been touched
  make(4, 2000);
  fakeFlashIsWorn = true;
  placeVersion(1, 2);
  make(4, 2000);
  CHECK(offer() == NO_ROOM);
  fakeFlashIsWorn = false;
  CHECK(offer() == WANTED);
  fakeFlashIsWorn = true;
  CHECK(piece(0) == NO_ROOM && start() == 3);
  fakeFlashIsWorn = false;
  // A bridge that begins for ever wears one sector, and not for long.
  int begun = 0;
  for (int version = 4; version < 200; version++) {
    make(version, 2000);
    begun += offer() == WANTED;
  }
  CHECK(begun > 3 && begun <= 32);
}

static void hostile(void) {
  static uint8_t before[PROGRAM_SLOT_BYTES];
  uint8_t junk[1200];
  begin();
  placeVersion(0, 3);
  setHealthy(0);
  CHECK(start() == 3);
  memcpy(before, slot(0), sizeof(before));
  for (int i = 0; i < 20000; i++) {
    uint32_t length = anyNumber() % (i % 2 ? 1200 : 160);
    for (uint32_t j = 0; j < length; j++) junk[j] = (uint8_t)anyNumber();
    if (i % 1000 == 0) {
      make(4 + i / 1000, 3000);
      offer();
    }
    int op = i % 5 ? OP_PIECE : OP_PROGRAM;
    uint32_t offset = i % 3 ? wanted() : anyNumber();
    if (i % 7 == 0 && length >= HEAD_BYTES) memcpy(junk, file, anyNumber() % HEAD_BYTES);
    bool isDue = take(op, offset, junk, length);
    CHECK(isDue == (op == OP_PROGRAM ? length == HEAD_BYTES : length >= 1 && length <= PIECE_BYTES));
    CHECK(code() != READY && !programIsReady());
    CHECK(!programTake(junk, i % 5)); // shorter than any
  }
  CHECK(memcmp(before, slot(0), sizeof(before)) == 0);
  CHECK(start() == 3);
}

static void update(void) {
  CHECK(start() == 3);
  make(5, 9000);
  CHECK(bring() == READY);
  CHECK(start() == 5);
  programConfirm();
  CHECK(start() == 5);
}

/** After each cut: the older or the newer, never what has failed; and the update can still be brought. */
static void cutsOfUpdate(void) {
  for (int how = CUT_LOSES; how <= CUT_TEARS; how++) {
    for (int operation = 1;; operation++) {
      begin();
      placeVersion(0, 3);
      setHealthy(0);
      placeVersion(1, 4); // newer than what runs, and has used its tries
      memset(slot(1) + TRIES_AT, 0, 4 * TRIES);
      fakeOperations = 0;
      fakeCutAfter = operation;
      fakeCut = (FakeCut)how;
      bool isDone = powered(update);
      fakeCutAfter = 0;
      if (isDone) {
        CHECK(operation > 20);
        break;
      }
      int version = start();
      CHECK(version == 3 || version == 5);
      make(5, 9000);
      CHECK(version == 5 || (bring() == READY && start() == 5));
      programConfirm();
      CHECK(start() == 5);
    }
  }
}

CASES(
  {"a program of any length is received and runs", receives},
  {"pieces come in order, and another head begins anew", steps},
  {"what is older, another board's, unsigned or has no room is refused", refused},
  {"hostile records change nothing that runs", hostile},
  {"a power cut at any operation of an update leaves one that runs", cutsOfUpdate},
)
