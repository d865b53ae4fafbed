// The I2S of an ESP32: a microphone or a speaker, and both at once for the factory test alone. For the voice's task.
#ifndef PAWPOST_SOUND_ESP32_H
#define PAWPOST_SOUND_ESP32_H
#include <stdbool.h>
#include <stdint.h>

#define SOUND_CHUNK 160 // samples that are moved at once: 10 ms

/** Makes the port a microphone's and waits until that one is awake; what it heard before this call is thrown away. False if it cannot be. */
bool soundListen(void);
/** The next SOUND_CHUNK samples, each in the upper 24 bits of a word; silence where the port has none. */
void soundRead(int32_t *words);
/** Makes the port a speaker's and wakes its amplifier. False if it cannot be. */
bool soundSpeak(void);
/** Plays at most SOUND_CHUNK samples; returns when there was room for them. */
void soundWrite(const int16_t *samples, int count);
/** Makes the port a microphone's and a speaker's at once, or takes a second one, and waits until the microphone is awake. False if it cannot be. */
bool soundBoth(void);
/** Plays SOUND_CHUNK samples when there is room for them, and gives the next that were heard, as `soundRead` does. */
void soundExchange(const int16_t *samples, int32_t *words);
/** The port is nobody's: the microphone has no clock and sleeps. */
void soundRest(void);
/** The amplifier sleeps, at once (what still waits is not heard) or after the last sample; the port goes back to the microphone. */
void soundHush(bool atOnce);

#endif
