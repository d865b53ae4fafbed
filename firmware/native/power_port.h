// What a platform supplies to require('power'): why it has started, a clock and a little memory that outlast deep sleep, sleep, the heart's pin.
#ifndef PAWPOST_POWER_PORT_H
#define PAWPOST_POWER_PORT_H
#include <stdbool.h>
#include <stdint.h>

typedef enum {
  START_POWER, // the power came on
  START_PAW,   // a touch has ended deep sleep
  START_TIME,  // the time has
  START_OTHER, // whatever else restarts a chip
} PowerStart;

/** What outlasts deep sleep; zeros after every other start. */
typedef struct {
  int64_t sinceUs;   // when it fell asleep, by `powerNowUs`
  int64_t unixLessS; // unix seconds less those of `powerNowUs`
  uint32_t askedS;
  bool mayRecord, knowsTime;
} PowerMemory;

extern PowerMemory *const powerMemory;

PowerStart powerStart(void);
/** Goes on through deep sleep. */
int64_t powerNowUs(void);
/** Deep sleep until the paw or the time. Does not return on a chip. */
void powerDown(uint32_t seconds);
/** Switches the heart before the program runs, which then has its pin. */
void powerLight(bool isLit);
/** At every turn: whether the chip may sleep lightly when there is nothing to do: the radio goes on, the paw wakes it. At the start it may not. */
void powerMayDoze(bool mayDoze);

#endif
