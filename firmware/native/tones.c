// The sounds that are built in, sung from the score in whole numbers alone: a C3 has no floating point unit. firmware/sounds/render.ts does the
// same on hosts, and a test holds the two against each other to the bit: whoever changes one changes both.
#include "tones.h"
#include "score.h"
#include <stdlib.h>
#include <string.h>

#define RATE 16000
#define MS_SAMPLES (RATE / 1000)
#define MOUTH_BITS 14
#define LOUD 327      // loudness in percent times this, squared, is nearly 2^30
#define TURN 33554u   // 2^32 a turn, over eighths of a Hz and RATE
#define TURN_OF_MS 66 // 2^16 a turn, over Hz and 1000

_Static_assert(sizeof(SOUNDS) / sizeof(*SOUNDS) == TONES, "tones.h");

static const Note *note;
static int left;             // notes, this one included
static int at, ms, sample;   // millisecond of the note, of the sound; sample of the millisecond
static int32_t gain, volumePercent;
static uint32_t phase, step, seed;
static int32_t begin, amplitude; // at the beginning and at the end of this millisecond
static int32_t mouth[6], memory[6];

void toneOpen(int sound, int volume) {
  note = NOTES + SOUNDS[sound].first;
  left = SOUNDS[sound].count;
  gain = SOUNDS[sound].gain;
  volumePercent = volume < 0 ? 0 : volume > 100 ? 100 : volume;
  at = ms = sample = 0;
  phase = 0;
  seed = 1;
  amplitude = 0;
  memset(memory, 0, sizeof(memory));
}

/** A sine of one turn in 65536 steps and +-32768, by two parabolas: within 0.2 %. */
static int32_t sine(int32_t turn) {
  int32_t x = (int16_t)(turn & 0xffff);
  int32_t y = (x * (32768 - abs(x))) >> 13;
  return (y * 25395 + ((y * abs(y)) >> 15) * 7373) >> 15;
}

static int32_t part(uint32_t distance, uint32_t fine) {
  uint32_t t = distance / fine;
  return t > 32768 ? 32768 : (int32_t)t;
}

/** A rising saw of +-32768, its edge rounded over two samples (PolyBLEP), so that high notes stay clean. */
static int32_t saw(uint32_t turn) {
  int32_t plain = (int32_t)(turn >> 16) - 32768;
  uint32_t fine = step >> 15, before = 0u - turn;
  if (turn < step) {
    int32_t t = part(turn, fine);
    return plain - (2 * t - ((t * t) >> 15) - 32768);
  }
  if (before >= step) return plain;
  int32_t t = part(before, fine);
  return plain - (((t * t) >> 15) - 2 * t + 32768);
}

static int32_t waveNow(void) {
  if (note->wave == 0) return sine((int32_t)(phase >> 16));
  if (note->wave == 1) return saw(phase);
  // A square is two saws half a turn apart; a reed's pulse is an eighth of a turn wide.
  return saw(phase) - saw(phase + (note->wave == 2 ? 0x80000000u : 0x20000000u));
}

static int32_t way(int32_t from, int32_t to, int32_t now) { return from + (to - from) * now / note->ms; }

static int32_t amplitudeAt(int32_t now, int32_t turn) {
  int32_t line = way(note->fromLoud * LOUD, note->toLoud * LOUD, now);
  if (now < note->attackMs) line = line * now / note->attackMs;
  if (note->ms - now < note->releaseMs) line = line * (note->ms - now) / note->releaseMs;
  int32_t depth = (note->trembleLoud * (32768 + sine(turn))) >> 16;
  line -= line * depth / 100;
  return (line * line) >> 15;
}

/** Once a millisecond: pitch, mouth, and where the amplitude goes. */
static void steer(void) {
  int32_t turn = ms * note->trembleHz * TURN_OF_MS;
  int32_t pitch = way(note->fromPitch, note->toPitch, at);
  pitch += pitch * ((note->tremblePitch * sine(turn)) >> 15) / 100;
  step = (uint32_t)pitch * TURN;
  for (int i = 0; i < 6; i++) mouth[i] = way(MOUTHS[note->fromMouth][i], MOUTHS[note->toMouth][i], at);
  begin = amplitude;
  amplitude = amplitudeAt(at + 1, turn);
}

static int16_t sing(void) {
  phase += step;
  seed = seed * 1664525u + 1013904223u;
  int32_t air = (int32_t)(seed >> 16) - 32768;
  int64_t x = ((waveNow() * (256 - note->breath) + air * note->breath) >> 8) * 64;
  for (int i = 0; i < 6; i += 2) {
    int32_t b = mouth[i], c = mouth[i + 1];
    x = (((1 << MOUTH_BITS) - b - c) * x + (int64_t)b * memory[i] + (int64_t)c * memory[i + 1]) >> MOUTH_BITS;
    memory[i + 1] = memory[i];
    memory[i] = (int32_t)x;
  }
  int64_t whole = (((x * gain) >> 20) * (begin + (((amplitude - begin) * sample) >> 4))) >> 15;
  return (int16_t)((whole < -32768 ? -32768 : whole > 32767 ? 32767 : (int32_t)whole) * volumePercent / 100);
}

int toneNext(int16_t *samples, int count) {
  int made = 0;
  while (made < count && left > 0) {
    if (sample == 0) steer();
    samples[made++] = sing();
    if (++sample < MS_SAMPLES) continue;
    sample = 0;
    ms++;
    if (++at < note->ms) continue;
    note++;
    left--;
    at = 0;
  }
  return made;
}
