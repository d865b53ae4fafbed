// The number of the board that an image is for: BOARD_NUMBER of its facts (boards/). The same names as in sound_pins_esp32.h, and the same
// board of each chip unless told.
#ifndef PAWPOST_PROGRAM_BOARD_ESP32_H
#define PAWPOST_PROGRAM_BOARD_ESP32_H
#include "sdkconfig.h"

#if defined(PAWPOST_BOARD_ATOM_ECHO)
#define BOARD_NUMBER 6
#elif defined(PAWPOST_BOARD_XIAO_S3_SENSE)
#define BOARD_NUMBER 5
#elif defined(PAWPOST_BOARD_T_CIRCLE_S3)
#define BOARD_NUMBER 7
#elif defined(PAWPOST_BOARD_S3_DEVKITC) || defined(CONFIG_IDF_TARGET_ESP32S3)
#define BOARD_NUMBER 4
#elif defined(PAWPOST_BOARD_ESP32_DEVKITC) || defined(CONFIG_IDF_TARGET_ESP32)
#define BOARD_NUMBER 3
#elif defined(PAWPOST_BOARD_C3_STOCK) // a C3 with Espruino's own radio
#define BOARD_NUMBER 2
#else // PAWPOST_BOARD_C3_SUPERMINI
#define BOARD_NUMBER 1
#endif

#endif
