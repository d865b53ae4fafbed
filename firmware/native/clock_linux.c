// The Linux board's clock: PAWPOST_CLOCK=20 lets a day of the toy's pass in a twentieth of it, for tests of long lives. Only what the program
// sees of time runs faster; sound, the watchdog and a trial keep the world's.
#include "clock_linux.h"
#include "jshardware.h"
#include <stdlib.h>

JsSysTime __real_jshGetSystemTime(void);

static long rate(void) {
  static long factor;
  const char *text = factor ? NULL : getenv("PAWPOST_CLOCK");
  if (text) factor = atol(text);
  if (factor < 1) factor = 1;
  return factor;
}

JsSysTime __wrap_jshGetSystemTime(void) {
  static JsSysTime start;
  JsSysTime now = __real_jshGetSystemTime();
  if (!start) start = now;
  return start + (now - start) * rate();
}

long clockOutside(long us) { return us / rate(); }
