// NVS with no more than it promises: a power cut may take the pair that is being written, old value and new, or leave either; no other pair.
#pragma once
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum { CUT_LOSES, CUT_KEEPS_OLD, CUT_KEEPS_NEW, CUT_TEARS } FakeCut;

extern int fakeCutAfter;    // the power goes during this operation, counting from 1; 0: it stays
extern FakeCut fakeCut;     // and does this to the pair
extern jmp_buf fakePowerOff; // where it goes to
extern bool fakeIsFull, fakeIsMissing;
extern bool fakeErasesNothing, fakeCommitsNothing; // the calls fail; what was set before a commit is there all the same
extern int fakeOperations;  // writes and erasures so far

/** Counts an operation. True if the power goes during it. */
bool fakeIsCut(void);
/** How many pairs there are. */
size_t fakePairs(void);
/** Whether `bytes` stand anywhere in a pair. */
bool fakeHolds(const void *bytes, size_t length);
/** Spoils a byte of every pair. */
void fakeSpoil(void);
void fakeErase(void);
