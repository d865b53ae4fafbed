// Where each board's paw and heart are, by GPIO number, and the level at which they are touched and lit: those of boards/, which JavaScript has.
// C needs them while no program runs. Board definitions name theirs with -DPAWPOST_BOARD_...; each chip has one that is taken unless told.
#ifndef PAWPOST_TOY_PINS_ESP32_H
#define PAWPOST_TOY_PINS_ESP32_H
#include "sdkconfig.h"

#if defined(PAWPOST_BOARD_ATOM_ECHO)
#define PAW_PIN 39
#define PAW_ACTIVE 0
#define HEART_PIN 26
#define HEART_ACTIVE 1
#elif defined(PAWPOST_BOARD_XIAO_S3_SENSE)
#define PAW_PIN 1
#define PAW_ACTIVE 1
#define HEART_PIN 9
#define HEART_ACTIVE 1
#elif defined(PAWPOST_BOARD_T_CIRCLE_S3)
#define PAW_PIN 2
#define PAW_ACTIVE 1
#define HEART_PIN 42
#define HEART_ACTIVE 1
#elif defined(PAWPOST_BOARD_S3_DEVKITC) || defined(CONFIG_IDF_TARGET_ESP32S3)
#define PAW_PIN 2
#define PAW_ACTIVE 1
#define HEART_PIN 21
#define HEART_ACTIVE 1
#elif defined(PAWPOST_BOARD_ESP32_DEVKITC) || defined(CONFIG_IDF_TARGET_ESP32)
#define PAW_PIN 4
#define PAW_ACTIVE 1
#define HEART_PIN 23
#define HEART_ACTIVE 1
#else // PAWPOST_BOARD_C3_SUPERMINI
#define PAW_PIN 3
#define PAW_ACTIVE 1
#define HEART_PIN 10
#define HEART_ACTIVE 1
#endif

#endif
