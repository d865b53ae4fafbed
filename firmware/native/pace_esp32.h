// How often the two ends of a link meet on an ESP32: at each event while values move, seldom while none do, so that the chip can doze.
#ifndef PAWPOST_PACE_ESP32_H
#define PAWPOST_PACE_ESP32_H
#include <stdint.h>

/** A link begins, at the central's pace. For the interpreter's task. */
void paceBegin(uint32_t nowMs);
/** A value goes one way or the other. For both tasks. */
void paceMoved(uint32_t nowMs);
/** Asks the central (its address, 6 bytes) for another pace when it is time. For the interpreter's task. */
void paceStep(const uint8_t *central, uint32_t nowMs);

#endif
