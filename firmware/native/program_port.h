// What a platform supplies for programs: the maker's store, the board's number, and a deadline.
#ifndef PAWPOST_PROGRAM_PORT_H
#define PAWPOST_PROGRAM_PORT_H
#include <stdbool.h>
#include <stdint.h>

#define MAKER_KEY_BYTES 32

/** Whose programs the toy runs. JavaScript cannot write it, and a factory reset does not touch it. */
typedef struct {
  uint8_t key[MAKER_KEY_BYTES]; // Ed25519, public
  uint16_t floor;               // no older program runs
} Maker;

/** False if the toy has no maker yet. */
bool makerRead(Maker *maker);
/** Atomic against a power cut. False if it was not written: the old one counts. */
bool makerWrite(const Maker *maker);

/** BOARD_NUMBER of the board's facts (boards/). */
uint16_t programBoard(void);
/** Restarts the toy in ten minutes, unless trialEnd() comes before. */
void trialStart(void);
void trialEnd(void);

#ifdef LINUX
/** True where Storage's boot code runs in place of a signed program: for programs of tests. No image for a chip can. */
bool runsUnsigned(void);
#else
static inline bool runsUnsigned(void) { return false; }
#endif

#endif
