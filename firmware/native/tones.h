// The sounds that are built in: sixteen animals, and what the toy says about itself.
#ifndef PAWPOST_TONES_H
#define PAWPOST_TONES_H
#include <stdint.h>

#define TONES 26 // what score.h has

/** Starts a sound below TONES (native.d.ts) at `volume` percent. */
void toneOpen(int sound, int volume);
/** Makes at most `count` samples at 16 kHz; returns how many, 0 at the end of the sound. */
int toneNext(int16_t *samples, int count);

#endif
