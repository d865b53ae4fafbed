// Loudness: silence, a child's voice, steps, offsets, extremes; what the ear gets.
#include "check.h"
#include "level.h"
#include <math.h>

#define RATE 16000
#define FULL 8388607.0 // of 24 bits
#define PEAK 23197
#define EAR_PEAK 11626

static double decibels(double ratio) { return 20 * log10(ratio); }
/** Peak of a sine of `spl` dB before an INMP441: -26 dBFS at 94 dB SPL. */
static double peakOf(double spl) { return FULL * pow(10, (spl - 94 - 26) / 20); }
static int32_t word(double sample) { return (int32_t)lrint(fmax(-8388608, fmin(FULL, sample))) * 256; }

static double rms(const int16_t *samples, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += (double)samples[i] * samples[i];
  return sqrt(sum / count);
}

static int peak(const int16_t *samples, int count) {
  int most = 0;
  for (int i = 0; i < count; i++) most = abs(samples[i]) > most ? abs(samples[i]) : most;
  return most;
}

static double noise(void) { return (double)anyNumber() / 2147483648.0 - 1; }

/** Speech-like: a gliding voice of 300 Hz with its harmonics under two formants, in syllables, with a pause of 150 ms every second. */
static double voiceShape(int i) {
  double t = (double)i / RATE, pitch = 300 + 40 * sin(2 * M_PI * 0.7 * t), sum = 0;
  if (fmod(t, 1) > 0.85) return 0;
  for (int k = 1; k * pitch < 5000; k++) {
    double f = k * pitch;
    double colour = 1 / (1 + pow((f - 800) / 300, 2)) + 0.4 / (1 + pow((f - 2600) / 500, 2)) + 0.02;
    sum += colour * sin(2 * M_PI * k * (300 * t - 40 / (2 * M_PI * 0.7) * cos(2 * M_PI * 0.7 * t)) + k * k);
  }
  return sum * (0.15 + 0.85 * pow(sin(M_PI * 4 * t), 2)) + 0.05 * noise();
}

/** Three seconds of that voice at `spl` dB RMS while it speaks, and the microphone's own noise (-87 dBFS). */
static void speak(double spl, int32_t *out, int count) {
  double *shape = malloc((size_t)count * sizeof(*shape)), sum = 0;
  int spoken = 0;
  for (int i = 0; i < count; i++) {
    shape[i] = voiceShape(i);
    if (shape[i] == 0) continue;
    sum += shape[i] * shape[i];
    spoken++;
  }
  double scale = peakOf(spl) / sqrt(2) / sqrt(sum / spoken), floor = FULL * pow(10, -87.0 / 20) * sqrt(3);
  for (int i = 0; i < count; i++) out[i] = word(shape[i] * scale + floor * noise());
  free(shape);
}

static int32_t in[3 * RATE];
static int16_t out[3 * RATE];
static Level level;

static void silence(void) {
  microphoneLevelStart(&level);
  memset(in, 0, sizeof(in));
  microphoneLevel(&level, in, out, 3 * RATE);
  CHECK(peak(out, 3 * RATE) == 0);
}

static void roomNoise(void) {
  microphoneLevelStart(&level);
  for (int i = 0; i < 3 * RATE; i++) in[i] = word(FULL * pow(10, -80.0 / 20) * sqrt(3) * noise());
  microphoneLevel(&level, in, out, 3 * RATE);
  // The gain of the start, 33 dB, and not one more: a room is not pumped up.
  CHECK_WITHIN(decibels(rms(out + 2 * RATE, RATE) / 32768), -48, -46);
}

static void childVoice(void) {
  for (double spl = 62; spl <= 92; spl += 5) {
    microphoneLevelStart(&level);
    speak(spl, in, 3 * RATE);
    microphoneLevel(&level, in, out, 3 * RATE);
    double sum = 0;
    int spoken = 0;
    for (int i = RATE / 2; i < 3 * RATE; i++) {
      if (fmod((double)i / RATE, 1) > 0.85) continue;
      sum += (double)out[i] * out[i];
      spoken++;
    }
    printf("%g dB SPL: %.1f dBFS RMS\n", spl, decibels(sqrt(sum / spoken) / 32768));
    CHECK_WITHIN(decibels(sqrt(sum / spoken) / 32768), -22, -18);
    CHECK(peak(out, 3 * RATE) <= PEAK);
  }
}

/** The first sample after `from` from which on every 20 ms lie within 2 dB of -20 dBFS. */
static int settled(int from) {
  int since = from;
  for (int i = from; i + 320 <= 3 * RATE; i += 80)
    if (fabs(decibels(rms(out + i, 320) / 32768) + 20) > 2) since = i + 320;
  return since - from;
}

static void sines(double first, double second) {
  microphoneLevelStart(&level);
  for (int i = 0; i < 3 * RATE; i++) in[i] = word(peakOf(i < RATE ? first : second) * sin(2 * M_PI * 500 * i / RATE));
  microphoneLevel(&level, in, out, 3 * RATE);
  CHECK(peak(out, 3 * RATE) <= PEAK);
}

static void steps(void) {
  sines(70, 90);
  // The attack: what is above a syllable's right, 6 dB over the mean, is taken away within 10 ms.
  printf("up 20 dB: %.1f dBFS RMS from 10 to 15 ms\n", decibels(rms(out + RATE + 160, 80) / 32768));
  CHECK_WITHIN(decibels(rms(out + RATE + 160, 80) / 32768), -22, -16.5);
  printf("up 20 dB: settled after %d ms\n", settled(RATE) * 1000 / RATE);
  CHECK(settled(RATE) <= RATE * 50 / 1000);
  sines(80, 70);
  printf("down 10 dB: settled after %d ms\n", settled(RATE) * 1000 / RATE);
  CHECK_WITHIN(settled(RATE) * 1000 / RATE, 300, 500);
}

static void mostGain(void) {
  sines(50, 50);
  CHECK_WITHIN(decibels(rms(out + 2 * RATE, RATE) / (peakOf(50) / sqrt(2) / 256)), 41.5, 42.1);
}

static void frozen(void) {
  sines(80, 40);
  double before = decibels(rms(out + RATE / 2, RATE / 2) / 32768), after = decibels(rms(out + 2 * RATE, RATE) / 32768);
  CHECK_WITHIN(before - after, 39, 41); // 40 dB quieter, by the same gain
}

static void offset(void) {
  microphoneLevelStart(&level);
  for (int i = 0; i < 3 * RATE; i++) in[i] = word(0.1 * FULL);
  microphoneLevel(&level, in, out, 3 * RATE);
  CHECK(peak(out + RATE, 2 * RATE) <= 1);
}

static double passed(double hertz) {
  microphoneLevelStart(&level);
  for (int i = 0; i < 3 * RATE; i++) in[i] = word(peakOf(46) * sin(2 * M_PI * hertz * i / RATE)); // below the floor: the gain stays
  microphoneLevel(&level, in, out, 3 * RATE);
  return decibels(rms(out + RATE, 2 * RATE));
}

static void rumble(void) {
  double reference = passed(1000);
  printf("80 Hz: %.1f dB, 20 Hz: %.1f dB\n", passed(80) - reference, passed(20) - reference);
  CHECK_WITHIN(passed(80) - reference, -3.6, -2.4);
  CHECK_WITHIN(passed(20) - reference, -13.5, -11);
}

static void fullScale(void) {
  for (int shape = 0; shape < 3; shape++) {
    microphoneLevelStart(&level);
    for (int i = 0; i < 3 * RATE; i++) {
      bool isHigh = shape == 0 ? i / 40 % 2 == 0 : shape == 1 ? i % 2 == 0 : i / 8000 % 2 == 0;
      in[i] = isHigh ? INT32_MAX : INT32_MIN;
    }
    microphoneLevel(&level, in, out, 3 * RATE);
    CHECK(peak(out, 3 * RATE) <= PEAK);
  }
}

/** Whatever comes, in pieces of any length: nothing overflows (the sanitizers watch), nothing clips, and gains stay within their bounds. */
static void anything(void) {
  for (int round = 0; round < 300; round++) {
    microphoneLevelStart(&level);
    unsigned mask = anyNumber() >> (anyNumber() % 32);
    for (int done = 0; done < RATE;) {
      int count = (int)(anyNumber() % 700);
      if (count > RATE - done) count = RATE - done;
      for (int i = 0; i < count; i++) {
        unsigned kind = anyNumber() % 50;
        in[i] = kind == 0 ? INT32_MIN : kind == 1 ? INT32_MAX : (int32_t)((anyNumber() & mask) - mask / 2);
      }
      microphoneLevel(&level, in, out, count);
      CHECK(peak(out, count) <= PEAK);
      CHECK(level.gain >= 256 && level.gain <= 32228 && level.limit > 0 && level.limit <= 32768);
      done += count;
    }
  }
}

static void inPlace(void) {
  static int32_t same[3 * RATE];
  speak(75, in, 3 * RATE);
  memcpy(same, in, sizeof(in));
  microphoneLevelStart(&level);
  microphoneLevel(&level, in, out, 3 * RATE);
  microphoneLevelStart(&level);
  microphoneLevel(&level, same, (int16_t *)same, 3 * RATE);
  CHECK(memcmp(same, out, sizeof(out)) == 0);
}

static void volume(void) {
  CHECK(volumeGain(-5) == 0 && volumeGain(0) == 0 && volumeGain(100) == 32768 && volumeGain(1000) == 32768);
  for (int percent = 1; percent <= 100; percent++) CHECK(volumeGain(percent) > volumeGain(percent - 1));
}

static void ear(void) {
  speakerLevelStart(&level);
  for (int i = 0; i < 3 * RATE; i++) out[i] = (int16_t)(i / 20 % 2 ? 32767 : -32768);
  speakerLevel(&level, out, 3 * RATE);
  CHECK(peak(out, 3 * RATE) <= EAR_PEAK);
  CHECK_WITHIN(decibels(rms(out + RATE / 2, RATE) / 32768), -20.5, -19.5);
  // Until then, too, no more than the limiter lets through, and within 100 ms little more than the ceiling.
  CHECK_WITHIN(decibels(rms(out + RATE / 10, RATE / 10) / 32768), -21, -16);
}

static void quietMessage(void) {
  speakerLevelStart(&level);
  for (int i = 0; i < 3 * RATE; i++) out[i] = (int16_t)lrint(2000 * sin(2 * M_PI * 440 * i / RATE)); // -27 dBFS
  static int16_t same[3 * RATE];
  memcpy(same, out, sizeof(out));
  speakerLevel(&level, same, 3 * RATE);
  CHECK(memcmp(same, out, sizeof(out)) == 0);
}

static void anyMessage(void) {
  for (int round = 0; round < 300; round++) {
    speakerLevelStart(&level);
    unsigned shift = anyNumber() % 16;
    for (int i = 0; i < RATE; i++) out[i] = (int16_t)((int)(anyNumber() & 65535) - 32768) >> (i % 2000 < 1000 ? 0 : shift);
    double before = rms(out, RATE);
    speakerLevel(&level, out, RATE);
    CHECK(peak(out, RATE) <= EAR_PEAK && rms(out, RATE) <= before);
  }
}

CASES(
  {"silence stays silent", silence},
  {"the noise of a room is not pumped up", roomNoise},
  {"a child's voice of 62 to 92 dB SPL comes out at -20 dBFS RMS within 500 ms, never above -3", childVoice},
  {"a louder voice is caught in 10 ms, a quieter one in 300-500 ms", steps},
  {"the gain ends at 12 + 30 dB", mostGain},
  {"below the noise floor the gain stays", frozen},
  {"an offset is gone within a second", offset},
  {"the high-pass has its corner at 80 Hz", rumble},
  {"full scale never clips", fullScale},
  {"random words neither overflow nor clip", anything},
  {"the samples may lie where the words lay", inPlace},
  {"the volume rises with its percent, and ends", volume},
  {"the loudest message is brought to the ear's ceiling", ear},
  {"a quiet message is not touched", quietMessage},
  {"no message gets louder", anyMessage},
)
