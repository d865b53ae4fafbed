// The factory test's ears: levels right to half a decibel, a tone found in noise, and not found in silence, in noise alone or in another tone.
#include "check.h"
#include "selftest.h"
#include <math.h>

#define RATE 16000
#define FULL 8388608.0 // of 24 bits

static int32_t word(double sample) { return (int32_t)lrint(fmax(-FULL, fmin(FULL - 1, sample))) * 256; }
static double noise(void) { return (double)anyNumber() / 2147483648.0 - 1; } // RMS -4.77 dB
static double peakOf(double dbfs) { return FULL * sqrt(2) * pow(10, dbfs / 20); }

static int32_t in[2 * RATE];
static Meter meter;
static Echo echo;

static void fill(double hz, double dbfs, double noiseDbfs, double offset) {
  double scale = FULL * sqrt(3) * pow(10, noiseDbfs / 20);
  for (int i = 0; i < 2 * RATE; i++) in[i] = word(peakOf(dbfs) * sin(2 * M_PI * hz * i / RATE + 0.3) + scale * noise() + offset);
}

/** Heard in chunks that fit nothing. */
static int metered(int samples) {
  meterStart(&meter);
  for (int at = 0; at < samples; at += 157) meterHear(&meter, in + at, samples - at < 157 ? samples - at : 157);
  return meterLevel(&meter);
}

static int heard(int hz, int ms) {
  echoStart(&echo, hz, ms, 0);
  for (int at = 0; echoHear(&echo, in + at, 160); at += 160) CHECK(at < 2 * RATE - 160);
  return echoLevel(&echo);
}

static void sines(void) {
  static const double levels[] = {-3.02, -20, -40, -60, -80, -100}, pitches[] = {300, 440, 1000, 3000, 7000};
  for (int i = 0; i < 6; i++) {
    for (int j = 0; j < 5; j++) {
      fill(pitches[j], levels[i], -400, 0);
      CHECK_WITHIN(metered(2 * RATE), levels[i] * 100 - 50, levels[i] * 100 + 50);
    }
  }
}

static void silence(void) {
  fill(1000, -400, -400, 0);
  CHECK(metered(2 * RATE) == LEVEL_NOTHING);
  fill(1000, -400, -400, -1); // a data line that is stuck
  CHECK(metered(2 * RATE) < -13000);
  fill(1000, -400, -87, 300000); // an INMP441's own noise, and an offset
  CHECK_WITHIN(metered(2 * RATE), -8750, -8650);
  CHECK(metered(1500) == LEVEL_NOTHING);
}

static void lastSecond(void) {
  fill(1000, -20, -400, 0);
  for (int i = RATE / 2; i < 2 * RATE; i++) in[i] = 0;
  CHECK_WITHIN(metered(RATE), -2351, -2251); // half of it is silent
  CHECK_WITHIN(metered(RATE * 4 / 10), -2050, -1950); // of what there is
  CHECK(metered(2 * RATE) < -9000); // only what the high-pass still lets go
}

static void extremes(void) {
  for (int i = 0; i < 2 * RATE; i++) in[i] = i / 8 % 2 ? INT32_MIN : INT32_MAX;
  CHECK_WITHIN(metered(2 * RATE), -50, 50);
  CHECK_WITHIN(heard(1000, 1900), -141, -41); // a square wave's first harmonic: 4/pi of it, over the root of two
  for (int i = 0; i < 2 * RATE; i++) in[i] = (int32_t)anyNumber();
  CHECK_WITHIN(metered(2 * RATE), -527, -427);
  for (int hz = ECHO_HZ_LEAST; hz <= ECHO_HZ_MOST; hz += 100) {
    fill(hz, -3.02, -400, 0);
    CHECK_WITHIN(heard(hz, 1900), -402, -252);
  }
}

static void tonesHeard(void) {
  static const int pitches[] = {440, 1000, 2500, 6000};
  for (int i = 0; i < 4; i++) {
    for (int level = -80; level <= -10; level += 10) {
      fill(pitches[i], level, -400, 5000);
      CHECK_WITHIN(heard(pitches[i], 500), level * 100 - 50, level * 100 + 50);
      if (level > -30) continue; // noise that fits
      // 10 dB below the noise of the whole band, it stands 20 dB above what of that lies in its own.
      fill(pitches[i], level, level + 10, 0);
      CHECK_WITHIN(heard(pitches[i], 500), level * 100 - 150, level * 100 + 150);
    }
  }
}

static void notHeard(void) {
  fill(1000, -400, -400, 0);
  CHECK(heard(1000, 500) == LEVEL_NOTHING);
  fill(1000, -400, -60, 0);
  for (int i = 0; i < 20; i++) CHECK(heard(1000 + 50 * i, 500) < -8000);
  static const int others[] = {440, 880, 1300, 2000, 3000, 5000};
  for (int i = 0; i < 6; i++) {
    fill(others[i], -20, -400, 0);
    CHECK(heard(1000, 500) < -5500);
  }
  CHECK(heard(1000, ECHO_MS_LEAST) < -4500);
}

static void tonesMade(void) {
  static int16_t made[2 * RATE];
  static const int pitches[] = {ECHO_HZ_LEAST, 440, 1000, 3300, ECHO_HZ_MOST};
  for (int i = 0; i < 5; i++) {
    echoStart(&echo, pitches[i], ECHO_MS_MOST, 100);
    for (int at = 0; at < 2 * RATE; at += 160) echoMake(&echo, made + at, 160);
    CHECK(abs(made[0]) < 200 && abs(made[2 * RATE - 1]) < 200); // no click
    double worst = 0;
    for (int at = 200; at < 2 * RATE - 200; at++) worst = fmax(worst, abs(made[at]));
    CHECK_WITHIN(worst, 16000, 16800); // the resonator neither dies nor grows
    for (int at = 0; at < 2 * RATE; at++) in[at] = made[at] * 65536;
    CHECK_WITHIN(heard(pitches[i], 1900), -1000, -853); // the high-pass takes a little of 200 Hz
    int16_t after[160];
    echoMake(&echo, after, 160);
    for (int at = 0; at < 160; at++) CHECK(after[at] == 0);
  }
  echoStart(&echo, 1000, 500, 0);
  echoMake(&echo, made, 8000);
  for (int at = 0; at < 8000; at++) CHECK(made[at] == 0);
}

CASES(
  {"a sine's level is right to half a decibel, from full scale to -100 dBFS", sines},
  {"silence, a stuck line, and a microphone's own noise with an offset", silence},
  {"the last second counts, and before that what there is", lastSecond},
  {"the loudest that can come", extremes},
  {"a tone is found at its level, also 10 dB below noise", tonesHeard},
  {"a tone is not found in silence, in noise, in another tone", notHeard},
  {"the tone that is made is that tone, at its level, without clicks", tonesMade},
)
