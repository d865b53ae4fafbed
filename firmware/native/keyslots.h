// Sixteen slots of 64 bytes that hold every secret of the toy; 0-7 outlive a power cut (protocol/README.md section 4).
#ifndef PAWPOST_KEYSLOTS_H
#define PAWPOST_KEYSLOTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_SLOTS 16
#define KEY_SLOT_BYTES 64
#define KEPT_SLOTS 8

/** Reads the kept slots from the key store. Called once, before JavaScript runs. */
void keyslotsStart(void);
/** The 64 bytes of `slot`, for reading. `slot` must be 0-15. */
const uint8_t *keyslot(int slot);
/** Replaces the slot: `length` bytes (at most 64), then zeros. False if a kept slot could not be written; it then holds what it held. */
bool keyslotPut(int slot, const uint8_t *bytes, size_t length);
/** True if the slot holds anything but zeros. */
bool keyslotHas(int slot);
/** Zeroes the slots that do not outlive a power cut. */
void keyslotsForget(void);

// What a platform supplies: KEPT_SLOTS * KEY_SLOT_BYTES bytes, each write atomic against a power cut.
void keystoreRead(uint8_t *kept);
bool keystoreWrite(const uint8_t *kept);

#endif
