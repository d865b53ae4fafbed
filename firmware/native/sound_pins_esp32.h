// Where each board's microphone and amplifier are, by GPIO number; the reasons are in boards/wiring. Board definitions name theirs with
// -DPAWPOST_BOARD_...; each chip has one that is taken unless told. -1: no such wire. HEARS_ITSELF: how many ports it takes to play and listen
// at once, for the factory test; 0 where it cannot be.
#ifndef PAWPOST_SOUND_PINS_ESP32_H
#define PAWPOST_SOUND_PINS_ESP32_H
#include "sdkconfig.h"

#if defined(PAWPOST_BOARD_ATOM_ECHO)
#define MICROPHONE_IS_PDM 1
#define MICROPHONE_PINS 33, -1, 23 // clock, word select, data
#define AMPLIFIER_PINS 19, 33, 22
#define AMPLIFIER_ENABLE -1
#define HEARS_ITSELF 0
#elif defined(PAWPOST_BOARD_XIAO_S3_SENSE)
#define MICROPHONE_IS_PDM 1
#define MICROPHONE_PINS 42, -1, 41
#define AMPLIFIER_PINS 5, 6, 4
#define AMPLIFIER_ENABLE 7
#define HEARS_ITSELF 2
#elif defined(PAWPOST_BOARD_T_CIRCLE_S3)
#define MICROPHONE_IS_PDM 0
#define MICROPHONE_PINS 7, 9, 8
#define AMPLIFIER_PINS 5, 4, 6
#define AMPLIFIER_ENABLE 45
#define HEARS_ITSELF 2
#elif defined(PAWPOST_BOARD_S3_DEVKITC) || defined(CONFIG_IDF_TARGET_ESP32S3)
#define MICROPHONE_IS_PDM 0
#define MICROPHONE_PINS 5, 4, 6
#define AMPLIFIER_PINS 15, 16, 7
#define AMPLIFIER_ENABLE 17
#define HEARS_ITSELF 2
#elif defined(PAWPOST_BOARD_ESP32_DEVKITC) || defined(CONFIG_IDF_TARGET_ESP32)
#define MICROPHONE_IS_PDM 0
#define MICROPHONE_PINS 26, 25, 32
#define AMPLIFIER_PINS 14, 27, 33
#define AMPLIFIER_ENABLE 22
#define HEARS_ITSELF 2
#else // PAWPOST_BOARD_C3_SUPERMINI
#define MICROPHONE_IS_PDM 0
#define MICROPHONE_PINS 4, 5, 6
#define AMPLIFIER_PINS 4, 5, 7
#define AMPLIFIER_ENABLE 1
#define HEARS_ITSELF 1
#endif

#endif
