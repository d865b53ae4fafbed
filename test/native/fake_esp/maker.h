// A maker who signs programs, the cable that places them, the bridge that brings them, and the toy that starts: for tests of programs.
#pragma once
#include "flash.h"
#include "program.h"
#include "program_layout.h"
#include "storage.h"

#define BOARD 1 // a C3's, unless told

enum { WANTED, READY, NOT_NEWER, WRONG_BOARD, UNSIGNED, BROKEN, NO_ROOM, FAILED };

extern uint8_t makerKey[32];
extern uint8_t file[HEAD_BYTES + CODE_BYTES]; // the signed program made last
extern uint32_t fileBytes;
extern const uint8_t *running; // code of the last start

/** A toy out of its box: nothing in flash but its maker's key. */
void begin(void);
/** Makes the signed program of a version below 256, in `file`. */
void make(int version, uint32_t length);
/** Signs what `file` says now. */
void sign(void);
void put16(uint8_t *to, int value);
/** Where a slot is in fakeFlash. */
uint8_t *slot(int which);
/** `file` in a slot, as the cable leaves it. */
void place(int which);
void placeVersion(int which, int version);
void setHealthy(int which);
/** Starts the toy: the version that runs, 0 if none does. Its code is what was signed. */
int start(void);
/** The same, at the end of a sleep. */
int wake(void);
/** Runs `work` until it is done or the power goes; true if it is done. */
bool powered(void (*work)(void));
/** What STATE says. */
int code(void);
uint32_t wanted(void);
/** Hands over a record from memory of exactly its length, so that a byte too far is noticed. `offset` is a PIECE's. */
bool take(int op, uint32_t offset, const uint8_t *bytes, uint32_t length);
/** Offers `file`; the code. */
int offer(void);
/** The piece at `offset` of `file`; the code. */
int piece(uint32_t offset);
/** Offers `file` and sends what is wanted, as a bridge does; the last code. */
int bring(void);
