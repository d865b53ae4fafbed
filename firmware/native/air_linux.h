// The Linux board's one line to the outside: frames over the unix socket PAWPOST_RADIO, for the radio's values and the pins.
// A frame is a kind, a length (u16, little-endian) and that many bytes.
#ifndef PAWPOST_AIR_LINUX_H
#define PAWPOST_AIR_LINUX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// To the toy
#define AIR_CONNECT 1    // mtu u16
#define AIR_WRITE 2      // a value
#define AIR_DISCONNECT 3 // the central has gone
#define AIR_INPUT 4      // pin u8, level u8: somebody presses the paw
#define AIR_ANALOG 5     // pin u8, level u16 of 65535: the battery
#define AIR_MARK 6       // a name: ends a stretch of measurement
// From the toy
#define AIR_ADVERTISE 17 // 31 bytes
#define AIR_NOTIFY 18    // a value
#define AIR_DROP 19      // the toy has closed the connection
#define AIR_OUTPUT 20    // pin u8, level u16 of 65535: the heart

#define AIR_FRAME_BYTES 512

/** Connects, if that has not happened, to the socket that PAWPOST_RADIO names. False if there is none. */
bool airOpen(void);
bool airIsOpen(void);
/** Reads the next frame to `body` (AIR_FRAME_BYTES) without waiting. Returns its kind; 0 if none is there; -1 if the line has just been cut. */
int airNext(uint8_t *body, size_t *length);
/** Writes a frame. False if the line has no room: nothing was written. */
bool airSend(int kind, const uint8_t *body, size_t length);
/** Waits until there is something to read, at most `us` microseconds. */
void airWait(long us);

// Pins hear of what comes over the line through these.
void pinsInput(int pin, bool level);
void pinsAnalog(int pin, int level);

#endif
