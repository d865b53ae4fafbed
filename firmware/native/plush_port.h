// What a platform supplies to require('plush'): a task that feeds the encoder from a microphone, and one that empties the decoder into a speaker.
#ifndef PAWPOST_PLUSH_PORT_H
#define PAWPOST_PLUSH_PORT_H
#include "selftest.h"
#include <stdbool.h>

/** Called once, before JavaScript runs: wakes a microphone that takes its time, so that a child's first word finds it awake. */
void microphoneWake(void);
/** Lets the microphone sleep until it is woken or opened. Harmless while something is recorded or played. */
void microphoneRest(void);
/** Opens the microphone and encodes until `microphoneClose`. False if there is none. */
bool microphoneOpen(void);
/** Encodes what is left and one silent frame more, then closes; returns when that is done. Harmless when closed. */
void microphoneClose(void);
bool microphoneIsOpen(void);
/** How loud the open microphone is, before the gain (`meterLevel`); LEVEL_NOTHING while it is closed. */
int microphoneLoudness(void);
/** Plays what the decoder is given, until its stream ends or `speakerClose`. False if there is no speaker. */
bool speakerPlay(void);
/** Plays the tone that `toneOpen` has started. False if there is no speaker. */
bool speakerTone(void);
/** True from `speakerPlay` until the last sample has been heard. */
bool speakerIsPlaying(void);
/** Silence at once. Harmless when silent. */
void speakerClose(void);
/**
 * Plays `echo` and hears it at the same time; returns when that is done, which is when its tone is over. Microphone and speaker must be
 * closed. False if the board cannot do both at once, or the driver refuses.
 */
bool speakerEcho(Echo *echo);

#endif
