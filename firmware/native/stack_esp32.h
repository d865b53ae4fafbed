// Starts an ESP32's Bluetooth: the controller, whose radio feeds the random numbers, and Bluedroid on it.
#ifndef PAWPOST_STACK_ESP32_H
#define PAWPOST_STACK_ESP32_H
#include <stdbool.h>

/** True when both run; harmless when they do. */
bool stackStart(void);
/** Ends both, before deep sleep; harmless when they are not there. */
void stackStop(void);

#endif
