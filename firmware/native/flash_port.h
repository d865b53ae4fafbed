// The flash as native modules change it: without the guard that JavaScript meets. Addresses from the start of the chip.
#ifndef PAWPOST_FLASH_PORT_H
#define PAWPOST_FLASH_PORT_H
#include <stdint.h>

#define SECTOR_BYTES 4096u

/** Both slots for programs, PROGRAMS_BYTES from PROGRAMS_ADDRESS, as memory that follows each change. It stays where it is. */
const uint8_t *programFlash(void);
/** Erases the sector that holds `address`. */
void flashErase(uint32_t address);
/** Programs (bits only fall). `address` and `length` are multiples of 4. Whether it did, the flash itself must show. */
void flashWrite(uint32_t address, const uint8_t *bytes, uint32_t length);

#endif
