// Sleep, and what comes after it: the part that is the same on every platform.
#include "power.h"
#include "plush_port.h"
#include "power_port.h"

static PowerStart start;
static int64_t begunUs, soundUs;
static bool isTouchTold, isTouchOpen, isDozing;

static int64_t sinceMs(int64_t us) { return (powerNowUs() - us) / 1000; }

bool powerHasSlept(void) { return start == START_PAW || start == START_TIME; }

void powerBegin(bool isChips) {
  start = isChips ? powerStart() : START_OTHER;
  begunUs = soundUs = powerNowUs();
  isTouchTold = isDozing = false;
  isTouchOpen = start == START_PAW && powerMemory->mayRecord;
  if (isTouchOpen) {
    powerLight(true); // before the microphone: it is never open in the dark
    isTouchOpen = microphoneOpen();
    if (!isTouchOpen) powerLight(false);
  }
  if (!isTouchOpen) microphoneWake();
}

void powerRefuseMicrophone(void) {
  if (isTouchOpen) powerLight(false);
  isTouchOpen = false;
}

bool powerClaimMicrophone(void) {
  bool wasOpen = isTouchOpen && microphoneIsOpen();
  isTouchOpen = false;
  return wasOpen;
}

void powerSounds(void) { soundUs = powerNowUs(); }

void powerStep(void) {
  if (isTouchOpen && sinceMs(begunUs) >= POWER_UNCLAIMED_MS) {
    microphoneClose();
    powerRefuseMicrophone();
  }
  if (microphoneIsOpen() || speakerIsPlaying()) powerSounds();
  bool mayDoze = sinceMs(begunUs) >= POWER_AWAKE_MS && sinceMs(soundUs) >= POWER_AWAKE_MS;
  if (mayDoze && !isDozing) microphoneRest(); // its clock would stop and go with the chip's sleep
  isDozing = mayDoze;
  powerMayDoze(mayDoze);
}

void powerSleep(bool mayRecord, uint32_t seconds) {
  microphoneClose();
  speakerClose();
  powerMemory->mayRecord = mayRecord;
  powerMemory->askedS = seconds;
  powerMemory->sinceUs = powerNowUs();
  powerDown(seconds);
}

bool powerTakeTouch(void) {
  bool isNew = start == START_PAW && !isTouchTold;
  isTouchTold = true;
  return isNew;
}

bool powerIsPowerOn(void) { return start == START_POWER; }

uint32_t powerAskedS(void) { return powerHasSlept() ? powerMemory->askedS : 0; }

uint32_t powerSleptS(void) {
  int64_t slept = powerHasSlept() ? (begunUs - powerMemory->sinceUs) / 1000000 : 0;
  return slept < 0 ? 0 : slept > UINT32_MAX ? UINT32_MAX : (uint32_t)slept;
}

void powerSetTime(int64_t unixS) {
  powerMemory->unixLessS = unixS - powerNowUs() / 1000000;
  powerMemory->knowsTime = true;
}

int64_t powerUnixS(void) { return powerMemory->knowsTime ? powerMemory->unixLessS + powerNowUs() / 1000000 : -1; }
