// The built-in sounds before the net that keeps ears safe: they do not need it, so that the volume is what was set.
#include "check.h"
#include "level.h"
#include "tones.h"

static void safe(void) {
  static int16_t plain[32000], levelled[32000];
  for (int sound = 0; sound < TONES; sound++) {
    Level level;
    speakerLevelStart(&level);
    toneOpen(sound, 100);
    int count = toneNext(plain, 32000);
    CHECK(count > 0 && count < 32000);
    memcpy(levelled, plain, sizeof(plain));
    speakerLevel(&level, levelled, count);
    double before = 0, after = 0;
    for (int i = 0; i < count; i++) {
      CHECK(abs(plain[i]) <= 11626);
      before += (double)plain[i] * plain[i];
      after += (double)levelled[i] * levelled[i];
    }
    CHECK_WITHIN(after / before, 0.85, 1.0); // less than 1 dB
  }
}

static void volumes(void) {
  int16_t loud[1600], soft[1600];
  toneOpen(0, 100);
  toneNext(loud, 1600);
  toneOpen(0, 50);
  toneNext(soft, 1600);
  for (int i = 0; i < 1600; i++) CHECK(soft[i] == loud[i] / 2);
  toneOpen(0, 0);
  toneNext(soft, 1600);
  for (int i = 0; i < 1600; i++) CHECK(soft[i] == 0);
}

CASES(
  {"no sound is so loud that it would have to be made quieter", safe},
  {"the volume is what was set", volumes},
)
