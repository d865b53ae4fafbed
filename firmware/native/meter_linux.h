// Stretches of measurement on the Linux board.
#ifndef PAWPOST_METER_LINUX_H
#define PAWPOST_METER_LINUX_H
#include <stddef.h>

/** Under callgrind: dumps what was counted since the last mark under this name. With PAWPOST_METER: counts what is held now. */
void meterMark(const char *name, size_t length);

#endif
