// Sleep, and what comes after it: why the toy has started, what its microphone may do before the program runs, and the time, which outlasts
// sleep. Spec: protocol/README.md section 17. All calls are the interpreter's task's.
#ifndef PAWPOST_POWER_H
#define PAWPOST_POWER_H
#include <stdbool.h>
#include <stdint.h>

/** For so long after the start, and after each sound, the chip stays out of light sleep: a cable catches it, and the microphone keeps its clock. */
#define POWER_AWAKE_MS 60000
/** A microphone that a touch has opened before the program ran, and that the program has not asked for, is closed after this. */
#define POWER_UNCLAIMED_MS 10000

/**
 * As early as can be: opens the microphone if a touch has ended a sleep before which it was allowed, and lights the heart; else wakes it.
 * `isChips`: it is the chip that begins, and not JavaScript alone.
 */
void powerBegin(bool isChips);
/** At every turn of the interpreter's loop. */
void powerStep(void);
/** Sleeps until the paw or the time; does not return on a chip. */
void powerSleep(bool mayRecord, uint32_t seconds);

/** True, once, if the paw has started the toy. */
bool powerTakeTouch(void);
bool powerIsPowerOn(void);
/** True if the toy has started from a sleep. */
bool powerHasSlept(void);
uint32_t powerAskedS(void);
uint32_t powerSleptS(void);
void powerSetTime(int64_t unixS);
/** Unix seconds; -1 while not known. */
int64_t powerUnixS(void);

/** A recording begins: true if the microphone is open already, by the touch, and what it holds is the recording's beginning. */
bool powerClaimMicrophone(void);
/** The program wants no recording: the heart is dark again if the touch had lit it. Before the microphone is closed. */
void powerRefuseMicrophone(void);
/** Something is recorded, played or sung from now on. */
void powerSounds(void);

#endif
