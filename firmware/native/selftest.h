// What the factory test needs of the sound, in fixed point: how loud the microphone is, and how much of a tone it hears while the speaker plays it.
#ifndef PAWPOST_SELFTEST_H
#define PAWPOST_SELFTEST_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Levels are in hundredths of dBFS: an RMS against the highest value of 24 bits, so that a sine that just fits is -301.
/** The level of nothing at all: below one step of 24 bits. */
#define LEVEL_NOTHING (-14400)
#define METER_BLOCKS 10 // of 100 ms: a second

#define ECHO_HZ_LEAST 200
#define ECHO_HZ_MOST 7000
#define ECHO_MS_LEAST 250
#define ECHO_MS_MOST 2000

/** Loudness of the last second. One task hears, another may ask. */
typedef struct {
  uint64_t blocks[METER_BLOCKS], sum; // of the squares
  int count, block, filled;
  int32_t blocked; // what the high-pass takes away, with 8 bits of fraction
  atomic_int level;
} Meter;

/** A microphone that has just been opened. */
void meterStart(Meter *meter);
/** Takes `count` words of I2S, a sample of 24 bits in the upper bits of each. */
void meterHear(Meter *meter, const int32_t *words, int count);
/** RMS of the last second, or of what there is of it, without offset and rumble; LEVEL_NOTHING in the first 100 ms. */
int meterLevel(Meter *meter);

/** A tone that is played and listened for (Goertzel's way). */
typedef struct {
  int64_t coefficient;             // 2 cos of the tone's angle for each sample, Q24
  int32_t now, before, volume;     // the tone that is made, Q24; volume in percent
  int64_t last, secondLast;        // Goertzel's two values
  int32_t blocked;
  int made, heard, samples;
} Echo;

/** `hz` and `ms` within the bounds above; `volume` in percent, 0 to listen to the room alone. */
void echoStart(Echo *echo, int hz, int ms, int volume);
/** Makes the next `count` samples to be played: silence after the tone's end. */
void echoMake(Echo *echo, int16_t *samples, int count);
/** Takes what the microphone heard meanwhile. False when it has heard enough. */
bool echoHear(Echo *echo, const int32_t *words, int count);
/** RMS of that tone, and of no other, in what was heard. */
int echoLevel(const Echo *echo);

#endif
