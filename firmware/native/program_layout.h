// Where programs lie in flash and what their heads say, by byte (protocol/README.md section 16). Numbers are little-endian.
#ifndef PAWPOST_PROGRAM_LAYOUT_H
#define PAWPOST_PROGRAM_LAYOUT_H
#include "flash_port.h"

/** From the start of the flash. */
#define PROGRAMS_ADDRESS 0x2fa000u
#define PROGRAM_SLOTS 2
#define PROGRAM_SLOT_BYTES 0xb000u
#define PROGRAMS_BYTES (PROGRAM_SLOTS * PROGRAM_SLOT_BYTES)

// In a slot: the first sector has the head and what has become of it; the code begins in the second.
#define TRIES_AT 256u // as many words, 0xffffffff until used
#define TRIES 3
#define HEALTHY_AT 272u // a word as these, 0 once its program has had a healthy link
#define CODE_AT SECTOR_BYTES
#define CODE_BYTES (PROGRAM_SLOT_BYTES - CODE_AT)

// A head.
#define HEAD_BYTES 136u
#define HEAD_CONTEXT "pawpost1/program"
#define HEAD_BOARD_AT 16
#define HEAD_VERSION_AT 18
#define HEAD_LENGTH_AT 20
#define HEAD_ZEROS_AT 24
#define HEAD_HASH_AT 40
#define HEAD_SIGNATURE_AT 72
#define HASH_BYTES 32

// Records.
#define OP_PROGRAM 0x16
#define OP_PIECE 0x17
#define OP_PROGRAM_STATE 0x18
#define PIECE_BYTES 768u
#define STATE_BYTES 10

// What JavaScript may write while a program runs: clips, policy, settings.
#define GUARD_FROM 0x210000u
#define GUARD_END 0x2f4000u

#endif
