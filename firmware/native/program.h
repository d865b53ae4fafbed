// Which program the toy runs: picked at power-on from two slots, on trial until its first healthy link (protocol/README.md section 16).
#ifndef PAWPOST_PROGRAM_H
#define PAWPOST_PROGRAM_H
#include "program_port.h"
#include <stddef.h>

/**
 * At power-on: picks what runs, uses up a try and begins the trial if it is not confirmed; at the end of a sleep (`isWake`) it tries nothing where
 * another is good. False if there is no maker's key or nothing good.
 * `code` lies in flash and stays there.
 */
bool programStart(bool isWake, const uint8_t **code, uint32_t *length);
/** What runs has had its first healthy link: it stays, and no older program runs from now on. Idempotent; cheap when it is so already. */
void programConfirm(void);
/** Makes `key` the maker's if there is none. True if it is the maker's now. */
bool programOwn(const uint8_t *key);
/** True if JavaScript may change [address, address + length) of the flash: all of it while no program has run since power-on. */
bool programMayWrite(uint32_t address, uint32_t length);

/** Takes a PROGRAM or PIECE, which is hostile. True if a STATE is due. */
bool programTake(const uint8_t *record, size_t length);
/** Writes the STATE record, STATE_BYTES. */
void programState(uint8_t *record);
/** True if a restart would start a newer program, whole and verified. */
bool programIsReady(void);

#endif
