// What receiving a program needs to know of the one that runs.
#ifndef PAWPOST_PROGRAM_RUNNING_H
#define PAWPOST_PROGRAM_RUNNING_H
#include "program_port.h"

/** The maker as the store has it; NULL if there is none. */
const Maker *programMaker(void);
/** The slot that may be overwritten. */
int programOtherSlot(void);
/** Of the program that runs; -1 if none does. */
int programRunningVersion(void);
/** True if what runs is not confirmed and would be replaced by the other slot's: that one must stay. */
bool programIsOnTrial(void);
/** Forgets what was being received: a start. */
void programUpdateStart(void);

#endif
