// Advertises on an ESP32 while nobody is connected. All calls are the interpreter's task's; Bluedroid's only answers.
#ifndef PAWPOST_ADVERTISER_ESP32_H
#define PAWPOST_ADVERTISER_ESP32_H
#include <stdbool.h>
#include <stdint.h>

bool advertiserStart(void);
/** From now on these 31 bytes, from a new random address: who followed the old one has lost the toy. */
void advertiserFill(const uint8_t *data);
void advertiserStop(void);
/** Does the next step, if there is one. `isFree`: nobody is connected, and there is something to connect to. */
void advertiserStep(bool isFree, uint32_t nowMs);

#endif
