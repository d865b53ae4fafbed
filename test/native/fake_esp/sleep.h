// A chip that sleeps: its wake sources, its locks against light sleep, a paw and a heart, and a microphone that can be seen open.
#pragma once
#include "esp_sleep.h"
#include "esp_system.h"
#include <stdbool.h>
#include <stdint.h>

extern int64_t fakeNowUs;
extern bool fakeIsDoze;            // nothing forbids light sleep
extern gpio_int_type_t fakePawInterrupt;
extern bool fakePawWakes;          // from light sleep
extern int fakePawLevel, fakeHeart; // heart: -1 never driven
extern bool fakeHeartIsHeld;
extern bool fakeMicrophone, fakeMicrophoneIsBroken;
extern int fakeMicrophoneWakes, fakeMicrophoneRests;
extern bool fakeStackIsOn;
/** What was awaited in deep sleep: seconds, and the pin and level that wake; -1 for none. */
extern int fakeSleepS, fakeWakePin, fakeWakeLevel, fakePull;

/** Runs `action`; true if it ended in deep sleep. */
bool fakeSleeps(void (*action)(void));
/** The chip starts, so. */
void fakeStart(esp_sleep_wakeup_cause_t cause, esp_reset_reason_t reason);
/** The paw changes; interrupts happen as the hardware has them, at most `most` times. Returns how many. */
int fakePaw(int level, int most);
