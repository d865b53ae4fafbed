// Measures how many of Espruino's variables a program holds, as a chip would count them. Nothing, in an image for a chip.
#ifndef PAWPOST_METER_H
#define PAWPOST_METER_H

#ifdef LINUX
/** Counts now, if PAWPOST_METER is set, and notes a new peak. Called where a program is deep in its work: in each native call. */
void meterSample(void);
#else
static inline void meterSample(void) {}
#endif

#endif
