// Sleep of the Linux board: the program ends with code 85, and the harness starts it again. PAWPOST_WAKE=paw or =time says what ended the sleep;
// the file PAWPOST_RTC holds what outlasts it.
#include "air_linux.h"
#include "jshardware.h"
#include "power_port.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define ASLEEP 85
#define HEART 10 // boards/linux.ts

static PowerMemory memory;
PowerMemory *const powerMemory = &memory;

PowerStart powerStart(void) {
  const char *cause = getenv("PAWPOST_WAKE"), *path = getenv("PAWPOST_RTC");
  memset(&memory, 0, sizeof(memory));
  if (!cause) return START_POWER;
  FILE *file = path ? fopen(path, "rb") : NULL;
  if (file && fread(&memory, sizeof(memory), 1, file) != 1) memset(&memory, 0, sizeof(memory));
  if (file) fclose(file);
  return !strcmp(cause, "paw") ? START_PAW : !strcmp(cause, "time") ? START_TIME : START_OTHER;
}

int64_t powerNowUs(void) {
  struct timeval now;
  gettimeofday(&now, NULL);
  return now.tv_sec * 1000000ll + now.tv_usec;
}

void powerDown(uint32_t seconds) {
  (void)seconds; // it is in the file
  const char *path = getenv("PAWPOST_RTC");
  FILE *file = path ? fopen(path, "wb") : NULL;
  if (file) {
    fwrite(&memory, sizeof(memory), 1, file);
    fclose(file);
  }
  fflush(NULL);
  _Exit(ASLEEP); // like a chip's: nothing is tidied up
}

void powerLight(bool isLit) {
  if (airOpen()) jshPinSetValue(HEART, isLit);
}

void powerMayDoze(bool mayDoze) { (void)mayDoze; } // it sleeps whenever it has nothing to do
