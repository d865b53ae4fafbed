// What the factory test needs of the sound, in fixed point: how loud the microphone is, and how much of a tone it hears while the speaker plays it.
#include "selftest.h"

#define RATE 16000
#define BLOCK (RATE / METER_BLOCKS)
#define HIGH_PASS_SHIFT 5 // a corner of 80 Hz, as in level.c
#define ONE (1 << 24)     // Q24
#define PI_Q24 52707179
// 100 times 10 log10(2), Q8: hundredths of a decibel for each doubling of a power.
#define DOUBLING_Q8 77064
// Until then the converters, the amplifier and the high-pass settle, and the tone travels through the DMA of both ways.
#define SETTLING (RATE * 150 / 1000)
#define FADE (RATE / 100) // 10 ms, against clicks
#define PEAK 16384        // -6 dBFS, as the built-in sounds; what lies behind brings it to what is safe

/** log2 of a power, Q8. */
static int32_t logarithm(uint64_t power) {
  int whole = 63;
  while (!(power >> 63)) {
    power <<= 1;
    whole--;
  }
  uint64_t mantissa = power >> 32; // 1 to 2, Q31
  int32_t part = 0;
  for (int bit = 7; bit >= 0; bit--) {
    mantissa = mantissa * mantissa >> 31;
    if (mantissa >> 32) {
      part |= 1 << bit;
      mantissa >>= 1;
    }
  }
  return whole * 256 + part;
}

/** The level of a mean square that is `power` times 2 to the `shift`, in units of 24 bits. */
static int levelOf(uint64_t power, int shift) {
  if (power == 0) return LEVEL_NOTHING;
  int64_t doublings = logarithm(power) + (shift - 46) * 256;
  int level = (int)(doublings * DOUBLING_Q8 / 65536);
  return level < LEVEL_NOTHING ? LEVEL_NOTHING : level;
}

/** A sample of 24 bits without the microphone's offset and rumble. */
static int32_t passed(int32_t *blocked, int32_t word) {
  int32_t sample = word >> 8;
  *blocked += (int32_t)(((int64_t)sample * 256 - *blocked) >> HIGH_PASS_SHIFT);
  return sample - (*blocked >> 8);
}

void meterStart(Meter *meter) {
  meter->sum = 0;
  meter->count = meter->block = meter->filled = 0;
  meter->blocked = 0;
  meter->level = LEVEL_NOTHING;
}

void meterHear(Meter *meter, const int32_t *words, int count) {
  for (int i = 0; i < count; i++) {
    int64_t sample = passed(&meter->blocked, words[i]);
    meter->sum += (uint64_t)(sample * sample);
    if (++meter->count < BLOCK) continue;
    meter->blocks[meter->block] = meter->sum / BLOCK;
    meter->sum = 0;
    meter->count = 0;
    meter->block = (meter->block + 1) % METER_BLOCKS;
    if (meter->filled < METER_BLOCKS) meter->filled++;
    uint64_t all = 0;
    for (int j = 0; j < meter->filled; j++) all += meter->blocks[j];
    meter->level = levelOf(all / (unsigned)meter->filled, 0);
  }
}

int meterLevel(Meter *meter) { return meter->level; }

/** cos of an angle of 0 to pi, Q24, within a few millionths: its series around the nearest of 0, pi/2 and pi. */
static int32_t cosine(int64_t angle) {
  int32_t sign = 1;
  if (angle > PI_Q24 / 2) {
    angle = PI_Q24 - angle;
    sign = -1;
  }
  int64_t square = angle * angle >> 24, term = ONE, sum = ONE;
  for (int n = 1; n <= 11; n += 2) {
    term = -(term * square >> 24) / (n * (n + 1));
    sum += term;
  }
  return (int32_t)sum * sign;
}

void echoStart(Echo *echo, int hz, int ms, int volume) {
  int32_t turned = cosine((int64_t)PI_Q24 * 2 * hz / RATE);
  *echo = (Echo){
    .coefficient = 2 * (int64_t)turned,
    .now = ONE,
    .before = turned,
    .volume = volume < 0 ? 0 : volume > 100 ? 100 : volume,
    .samples = ms * (RATE / 1000),
  };
}

void echoMake(Echo *echo, int16_t *samples, int count) {
  for (int i = 0; i < count; i++, echo->made++) {
    int left = echo->samples - echo->made, fade = echo->made < left ? echo->made : left;
    if (fade > FADE) fade = FADE;
    if (fade < 0) fade = 0;
    // A resonator: each value of a sine is made of the two before it.
    int32_t next = (int32_t)((echo->coefficient * echo->now >> 24) - echo->before);
    echo->before = echo->now;
    echo->now = next;
    samples[i] = (int16_t)((int64_t)next * PEAK / ONE * echo->volume / 100 * fade / FADE);
  }
}

bool echoHear(Echo *echo, const int32_t *words, int count) {
  for (int i = 0; i < count && echo->heard < echo->samples; i++, echo->heard++) {
    int64_t sample = passed(&echo->blocked, words[i]);
    if (echo->heard < SETTLING) continue;
    // 20 bits are enough, and keep two seconds of a full tone within 64 bits.
    int64_t next = (sample >> 4) + (echo->coefficient * echo->last >> 24) - echo->secondLast;
    echo->secondLast = echo->last;
    echo->last = next;
  }
  return echo->heard < echo->samples;
}

int echoLevel(const Echo *echo) {
  int64_t a = echo->last, b = echo->secondLast, count = echo->heard - SETTLING;
  if (count <= 0) return LEVEL_NOTHING;
  int shift = 0;
  while (a > 0x1fffffff || a < -0x1fffffff || b > 0x1fffffff || b < -0x1fffffff) {
    a >>= 1;
    b >>= 1;
    shift++;
  }
  // The tone's amplitude is 2/count times the root of this; its mean square half of the amplitude's square.
  int64_t size = a * a + b * b - (echo->coefficient * a >> 24) * b;
  if (size <= 0) return LEVEL_NOTHING;
  // Bits before the division, so that a faint tone keeps its tenths of a decibel.
  int spare = 0;
  uint64_t power = (uint64_t)size;
  while (!(power >> 62)) {
    power <<= 1;
    spare++;
  }
  return levelOf(power / (uint64_t)(count * count), 2 * shift - spare + 1 + 8);
}
