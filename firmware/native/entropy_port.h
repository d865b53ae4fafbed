// Where a platform's random numbers need waking before libsodium asks for the first.
#ifndef PAWPOST_ENTROPY_PORT_H
#define PAWPOST_ENTROPY_PORT_H

#ifndef LINUX
/**
 * Starts the radio, from whose noise the chip makes its random numbers: esp_fill_random, which ESP-IDF's libsodium calls, is only
 * pseudo-random while neither Bluetooth nor Wi-Fi runs. Stops the toy if that fails: it would make keys that can be guessed.
 */
void entropyStart(void);
#else
static inline void entropyStart(void) {}
#endif

#endif
