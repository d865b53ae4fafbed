// Loudness in fixed point, between converters and codec: a child's voice to a steady level, and no more into a child's ear than is safe.
#include "level.h"

// dBFS here: 0 is the converter's highest value; RMS against the same.
#define MICROPHONE_TARGET 3277  // -20 dBFS RMS of 16 bits
#define MICROPHONE_PEAK 23197   // -3 dBFS
#define GAIN_LEAST 256          // Q16 from 24 bits to 16: 0 dB, which is 12 dB of fixed gain with the slow gain at its least
#define GAIN_MOST 32228         // 42 dB: the fixed 12 and the slow gain's 30
#define GAIN_FIRST 11500        // 33 dB: a child at arm's length, 70 dB SPL, before an INMP441 (-26 dBFS at 94 dB SPL, datasheet)
// Below it is the room, not the child: -75 dBFS, or 48 dB SPL. The gain then stays, so that pauses are not pumped up.
#define FLOOR_POWER ((uint64_t)1492 * 1492)

// The ceiling of the ear. ASSUMPTIONS, to be measured on each board with its speaker in the plush: full scale (a sine at 0 dBFS) through a
// MAX98357A at 9 dB from one cell, into 8 ohms and a 28 mm speaker, is 98 dB SPL at 2.5 cm. EN 71-1 limits toys that are held to the ear; we
// have not read it, but know from a maker who cites it (80 dB at 2.5 cm). -20 dBFS RMS is then 81 dB unweighted in open air, less through the
// fur; a message of any loudness is brought there. Peaks may be 11 dB higher, as those of speech are.
#define SPEAKER_CEILING 3277    // -20 dBFS RMS
#define SPEAKER_PEAK 11626      // -9 dBFS
#define GAIN_WHOLE 65536        // Q16 from 16 bits to 16: 0 dB

#define HIGH_PASS_SHIFT 5       // 1/32 a sample: a corner of 80 Hz at 16 kHz
#define RISE_SHIFT 1            // half a block's way every 5 ms: an attack of 5-10 ms
#define MEAN_SHIFT 5            // 1/32 a block, 160 ms: what falls by 10 dB is made good in 300-500 ms
#define BURST_POWER 4           // a block 6 dB above the mean is a start, not a syllable: the power rises at once to 6 dB below it
#define LIMIT_SHIFT 10          // the limiter lets go within 64 ms

static uint32_t squareRoot(uint64_t value) {
  uint64_t root = 0;
  for (uint64_t bit = (uint64_t)1 << 62; bit != 0; bit >>= 2) {
    if (value >= root + bit) {
      value -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return (uint32_t)root;
}

/** The gain that brings `power` to `target`, within bounds. */
static int32_t gainFor(uint64_t power, uint32_t target, int32_t least, int32_t most) {
  uint32_t rms = squareRoot(power);
  uint64_t gain = rms == 0 ? (uint64_t)most : ((uint64_t)target << 16) / rms;
  return gain < (uint64_t)least ? least : gain > (uint64_t)most ? most : (int32_t)gain;
}

/** Follows the power: fast up at a start, slowly up and down with the mean of what lies above `floor`, not at all below it. */
static void follow(Level *level, uint64_t floor) {
  uint64_t block = level->sum / LEVEL_BLOCK, burst = block / BURST_POWER;
  level->sum = 0;
  level->count = 0;
  if (block < floor) return;
  if (burst > level->power) level->power += (burst - level->power) >> RISE_SHIFT;
  if (block > level->power) level->power += (block - level->power) >> MEAN_SHIFT;
  else level->power -= (level->power - block) >> MEAN_SHIFT;
}

/** The gain at this sample: a straight line through the block, so that no step is heard. */
static int64_t gainNow(const Level *level) {
  return level->gain + (int64_t)(level->next - level->gain) * level->count / LEVEL_BLOCK;
}

/** Never more than `peak`: down at once, up slowly. */
static int16_t limited(Level *level, int64_t value, int32_t peak) {
  int64_t size = value < 0 ? -value : value;
  level->limit += (32768 + (1 << LIMIT_SHIFT) - 1 - level->limit) >> LIMIT_SHIFT;
  if (size * level->limit > (int64_t)peak << 15) level->limit = (int32_t)(((int64_t)peak << 15) / size);
  return (int16_t)(value * level->limit / 32768);
}

void microphoneLevelStart(Level *level) {
  uint64_t rms = ((uint64_t)MICROPHONE_TARGET << 16) / GAIN_FIRST;
  *level = (Level){.power = rms * rms, .gain = GAIN_FIRST, .next = GAIN_FIRST, .limit = 32768};
}

void microphoneLevel(Level *level, const int32_t *in, int16_t *out, int count) {
  for (int i = 0; i < count; i++) {
    int32_t sample = in[i] >> 8;
    int64_t offset = (int64_t)sample * 256 - level->blocked;
    level->blocked += (int32_t)(offset >> HIGH_PASS_SHIFT);
    int64_t passed = sample - (level->blocked >> 8);
    level->sum += (uint64_t)(passed * passed);
    int64_t louder = passed * gainNow(level) / 65536;
    out[i] = limited(level, louder, MICROPHONE_PEAK);
    if (++level->count < LEVEL_BLOCK) continue;
    follow(level, FLOOR_POWER);
    level->gain = level->next;
    level->next = gainFor(level->power, MICROPHONE_TARGET, GAIN_LEAST, GAIN_MOST);
  }
}

int32_t volumeGain(int percent) { return percent <= 0 ? 0 : percent >= 100 ? 32768 : percent * 32768 / 100; }

void speakerLevelStart(Level *level) { *level = (Level){.gain = GAIN_WHOLE, .next = GAIN_WHOLE, .limit = 32768}; }

void speakerLevel(Level *level, int16_t *samples, int count) {
  for (int i = 0; i < count; i++) {
    int64_t sample = samples[i];
    level->sum += (uint64_t)(sample * sample);
    samples[i] = limited(level, sample * gainNow(level) / 65536, SPEAKER_PEAK);
    if (++level->count < LEVEL_BLOCK) continue;
    follow(level, 0);
    level->gain = level->next;
    level->next = gainFor(level->power, SPEAKER_CEILING, 0, GAIN_WHOLE);
  }
}
