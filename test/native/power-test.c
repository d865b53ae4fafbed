// Sleep of each board: what wakes it, that the first word is kept and no other, and that nothing sleeps when it should not.
#include "check.h"
#include "plush_port.h"
#include "power.h"
#include "sleep.h"
#include "toy_pins_esp32.h"

#ifdef CONFIG_IDF_TARGET_ESP32
#define DOZES false
#else
#define DOZES true
#endif

esp_err_t pawInterrupts(void (*handler)(void *), void *unused, int flags, gpio_isr_handle_t *handle);

static int touches;
static void espruino(void *unused) {
  (void)unused;
  touches++;
}

static void powerOn(void) {
  CHECK(pawInterrupts(espruino, NULL, 0, NULL) == ESP_OK);
  fakeStart(ESP_SLEEP_WAKEUP_UNDEFINED, ESP_RST_POWERON);
  powerBegin(true);
}

/** Time passes in turns of the interpreter's loop. */
static void pass(int ms) {
  for (int i = 0; i < ms; i += 500) {
    fakeNowUs += 500000;
    powerStep();
  }
}

static void sleepAllowed(void) { powerSleep(true, 3600); }
static void sleepForbidden(void) { powerSleep(false, 21600); }

static void wakeByPaw(void) {
#ifdef CONFIG_IDF_TARGET_ESP32C3
  fakeStart(ESP_SLEEP_WAKEUP_GPIO, ESP_RST_DEEPSLEEP);
#else
  fakeStart(ESP_SLEEP_WAKEUP_EXT0, ESP_RST_DEEPSLEEP);
#endif
  powerBegin(true);
}

static void firstWord(void) {
  powerOn();
  pass(2000);
  powerSetTime(1800000000);
  CHECK(fakeSleeps(sleepAllowed));
  fakeNowUs += 600000000;
  wakeByPaw();
  CHECK(fakeMicrophone && fakeHeart == HEART_ACTIVE && !fakeHeartIsHeld);
  CHECK(powerTakeTouch() && !powerTakeTouch());
  CHECK(powerAskedS() == 3600 && powerSleptS() == 600 && !powerIsPowerOn());
  CHECK(powerUnixS() == 1800000600);
  CHECK(powerClaimMicrophone() && fakeMicrophone); // record(): what was heard stays
  CHECK(!powerClaimMicrophone());                  // the next one begins anew
  pass(20000);
  CHECK(fakeMicrophone && fakeHeart == HEART_ACTIVE); // it is the program's now
}

static void refused(void) {
  powerOn();
  CHECK(fakeSleeps(sleepAllowed));
  wakeByPaw();
  powerRefuseMicrophone();
  microphoneClose(); // as stop() does
  CHECK(fakeHeart == !HEART_ACTIVE && !powerClaimMicrophone());
}

static void unclaimed(void) {
  powerOn();
  CHECK(fakeSleeps(sleepAllowed));
  wakeByPaw();
  pass(POWER_UNCLAIMED_MS - 500);
  CHECK(fakeMicrophone);
  pass(1000);
  CHECK(!fakeMicrophone && fakeHeart == !HEART_ACTIVE && !powerClaimMicrophone());
}

static void notAllowed(void) {
  powerOn();
  int before = fakeMicrophoneWakes;
  CHECK(fakeSleeps(sleepForbidden));
  wakeByPaw();
  CHECK(!fakeMicrophone && powerTakeTouch() && fakeMicrophoneWakes == before + 1 && fakeHeart != HEART_ACTIVE);
  CHECK(!powerClaimMicrophone() && powerAskedS() == 21600);
}

static void brokenMicrophone(void) {
  powerOn();
  CHECK(fakeSleeps(sleepAllowed));
  fakeMicrophoneIsBroken = true;
  wakeByPaw();
  CHECK(fakeHeart == !HEART_ACTIVE && powerTakeTouch() && !powerClaimMicrophone());
}

static void byTime(void) {
  powerOn();
  CHECK(fakeSleeps(sleepAllowed));
  fakeNowUs += 3600000000ll;
  fakeStart(ESP_SLEEP_WAKEUP_TIMER, ESP_RST_DEEPSLEEP);
  powerBegin(true);
  CHECK(!fakeMicrophone && !powerTakeTouch() && powerAskedS() == 3600 && powerSleptS() == 3600 && powerUnixS() == -1);
}

static void otherStarts(void) {
  static const esp_reset_reason_t reasons[] = {ESP_RST_SW, ESP_RST_TASK_WDT, ESP_RST_BROWNOUT, ESP_RST_UNKNOWN};
  powerOn();
  CHECK(powerIsPowerOn() && powerAskedS() == 0 && powerSleptS() == 0 && !powerTakeTouch() && powerUnixS() == -1);
  for (unsigned i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
    fakeStart(ESP_SLEEP_WAKEUP_UNDEFINED, reasons[i]);
    powerBegin(true);
    CHECK(!powerIsPowerOn() && !powerTakeTouch() && !fakeMicrophone && powerAskedS() == 0);
  }
  powerBegin(false); // JavaScript begins again: nobody has touched anything
  CHECK(!powerIsPowerOn() && !powerTakeTouch());
}

static void wakeSource(void) {
  powerOn();
  CHECK(fakeSleeps(sleepAllowed));
  CHECK(fakeSleepS == 3600 && fakeWakePin == PAW_PIN && fakeWakeLevel == PAW_ACTIVE);
  CHECK(fakeHeartIsHeld && fakeHeart == !HEART_ACTIVE);
#ifndef CONFIG_IDF_TARGET_ESP32C3
  CHECK(fakePull == !PAW_ACTIVE); // to the side that is not a touch
#endif
}

static void firstMinute(void) {
  powerOn();
  pass(POWER_AWAKE_MS - 1000);
  CHECK(!fakeIsDoze && fakeMicrophoneRests == 0);
  pass(2000);
  CHECK(fakeIsDoze == DOZES && fakeMicrophoneRests == 1);
  powerSounds();
  powerStep();
  CHECK(!fakeIsDoze);
  pass(POWER_AWAKE_MS + 1000);
  CHECK(fakeIsDoze == DOZES && fakeMicrophoneRests == 2);
  fakeHeart = HEART_ACTIVE;
  microphoneOpen();
  pass(2 * POWER_AWAKE_MS);
  CHECK(!fakeIsDoze); // as long as it is open
}

static void pawInDoze(void) {
  powerOn();
  CHECK(fakePaw(PAW_ACTIVE, 1) == 1 && fakePaw(!PAW_ACTIVE, 1) == 1 && touches == 2);
  pass(POWER_AWAKE_MS + 1000);
  for (int i = 0; i < 3; i++) {
    // A level interrupts for ever unless the other one is awaited at once.
    CHECK(fakePaw(PAW_ACTIVE, 1000) == 1);
    powerStep();
    CHECK(fakePaw(!PAW_ACTIVE, 1000) == 1);
    powerStep();
  }
  CHECK(touches == 8);
  powerSounds();
  powerStep();
  CHECK(fakePawInterrupt == GPIO_INTR_ANYEDGE && !fakePawWakes);
}

CASES(
  {"a touch that wakes the chip opens the microphone, and record() keeps what it heard", firstWord},
  {"what the program does not want is closed, and the heart is dark", refused},
  {"what no program wants is closed after ten seconds", unclaimed},
  {"no microphone opens by a touch that was not allowed to", notAllowed},
  {"a microphone that does not open leaves the heart dark", brokenMicrophone},
  {"an awakening by the clock opens nothing", byTime},
  {"a restart is neither a power-on nor a touch", otherStarts},
  {"deep sleep is ended by the paw's pin and level, and the heart stays dark", wakeSource},
  {"no light sleep in the first minute, nor in the minute after a sound", firstMinute},
  {"in light sleep each touch and each release is told once", pawInDoze},
)
