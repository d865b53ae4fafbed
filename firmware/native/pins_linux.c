// The Linux board's pins: levels come and go over the line of air_linux.h, so that a test can press the paw and see the heart. Espruino's own
// Linux pins are constant; these functions stand in for them (the linker's --wrap, see PAWPOST_LINUX.py).
#include "air_linux.h"
#include "clock_linux.h"
#include "jsdevices.h"
#include "jshardware.h"
#include "platform_config.h"
#include <stdlib.h>

static bool levels[JSH_PIN_COUNT];
static uint16_t analogs[JSH_PIN_COUNT];
static IOEventFlags watches[JSH_PIN_COUNT];

/** What PAWPOST_PINS says of pins at power-on: `3=65535,0=40000`; the others are low. */
__attribute__((constructor)) static void powerOn(void) {
  for (const char *at = getenv("PAWPOST_PINS"); at && *at;) {
    char *end;
    long pin = strtol(at, &end, 10), level = *end == '=' ? strtol(end + 1, &end, 10) : 0;
    pinsAnalog((int)pin, (int)level);
    if (pin >= 0 && pin < JSH_PIN_COUNT) levels[pin] = level > 32767;
    at = *end == ',' ? end + 1 : "";
  }
}

IOEventFlags __real_jshPinWatch(Pin pin, bool shouldWatch, JshPinWatchFlags flags);

IOEventFlags __wrap_jshPinWatch(Pin pin, bool shouldWatch, JshPinWatchFlags flags) {
  IOEventFlags channel = __real_jshPinWatch(pin, shouldWatch, flags);
  if (pin < JSH_PIN_COUNT) watches[pin] = shouldWatch ? channel : EV_NONE;
  return channel;
}

bool __wrap_jshPinGetValue(Pin pin) { return levels[pin]; }

bool __wrap_jshGetWatchedPinState(IOEventFlags channel) {
  for (int pin = 0; pin < JSH_PIN_COUNT; pin++)
    if (watches[pin] == channel) return levels[pin];
  return false;
}

static void output(Pin pin, int level) {
  uint8_t body[3] = {(uint8_t)pin, (uint8_t)level, (uint8_t)(level >> 8)};
  airSend(AIR_OUTPUT, body, sizeof(body));
}

void __wrap_jshPinSetValue(Pin pin, bool value) {
  levels[pin] = value;
  output(pin, value ? 65535 : 0);
}

JshPinFunction __wrap_jshPinAnalogOutput(Pin pin, JsVarFloat value, JsVarFloat freq, JshAnalogOutputFlags flags) {
  (void)freq;
  (void)flags;
  output(pin, value <= 0 ? 0 : value >= 1 ? 65535 : (int)(value * 65535));
  return JSH_NOTHING;
}

JsVarFloat __wrap_jshPinAnalog(Pin pin) { return analogs[pin] / 65535.0; }

void pinsAnalog(int pin, int level) {
  if (pin >= 0 && pin < JSH_PIN_COUNT) analogs[pin] = (uint16_t)level;
}

void pinsInput(int pin, bool level) {
  if (pin >= JSH_PIN_COUNT || levels[pin] == level) return;
  levels[pin] = level;
  if (watches[pin] != EV_NONE) jshPushIOEvent(watches[pin] | (level ? EV_EXTI_IS_HIGH : 0), jshGetSystemTime());
}

bool __wrap_jshSleep(JsSysTime until) {
  // Like Espruino's own, at most 50 ms, for the console. But this one wakes for the line, and does not spin through the last millisecond,
  // which would count as work where instructions are counted. JsSysTime is microseconds here.
  if (until > 0) airWait(clockOutside(until > 50000 ? 50000 : (long)until));
  return true;
}
