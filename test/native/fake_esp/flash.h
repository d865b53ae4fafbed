// NOR flash with no more than it promises: a power cut leaves a write with any of its bits fallen, and an erasure with any bits of the sector up.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The last 128 KB before Espruino's own areas, from 0x2f0000. */
extern uint8_t fakeFlash[0x20000];
extern bool fakeFlashIsWorn; // nothing is written or erased any more
extern bool fakeTimerRuns;   // one of esp_timer

/** All of it erased. */
void fakeFlashErase(void);
/** The time of the timer has come: runs its callback, which restarts the chip; that ends in the setjmp of fakePowerOff (storage.h). */
void fakeTimerRings(void);
