// Loudness in fixed point, between converters and codec: a child's voice to a steady level, and no more into a child's ear than is safe.
#ifndef PAWPOST_LEVEL_H
#define PAWPOST_LEVEL_H
#include <stdbool.h>
#include <stdint.h>

#define LEVEL_BLOCK 80 // samples between two looks at the power: 5 ms at 16 kHz

typedef struct {
  int32_t blocked;    // what the high-pass takes away, with 8 bits of fraction: the microphone's offset and rumble
  uint64_t power;     // mean square that the gain follows, in units of the converter
  uint64_t sum;       // of the squares in this block
  int count;          // samples in this block
  int32_t gain, next; // Q16: at the block's beginning and at its end
  int32_t limit;      // Q15: what the limiter leaves
} Level;

/** A microphone that has just been opened: the gain for a child at arm's length. */
void microphoneLevelStart(Level *level);
/**
 * Takes `count` words of I2S, a sample of 24 bits in the upper bits of each; gives samples of 16 bits: without offset and rumble, speech at
 * -20 dBFS RMS, nothing above -3 dBFS. `out` may lie where `in` does.
 */
void microphoneLevel(Level *level, const int32_t *in, int16_t *out, int count);

/** The gain of `percent` of the volume, Q15: 0 to 32768. What lies outside of 0-100 is taken as its end. */
int32_t volumeGain(int percent);

/** A speaker that has just been opened. */
void speakerLevelStart(Level *level);
/** Last before the converter: makes nothing louder, and all that is louder than safe quieter (the constants in level.c say how safe). */
void speakerLevel(Level *level, int16_t *samples, int count);

#endif
