// The codec between sound and packets: what microphone and speaker tasks of every board share. Half duplex: one arena holds
// whichever of the two states is in use, because a C3 has no memory for both.
#ifndef PAWPOST_VOICE_H
#define PAWPOST_VOICE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VOICE_RATE 16000
#define VOICE_FRAME 960        // samples of a packet: 60 ms
#define VOICE_FRAME_MS 60
#define VOICE_LONGEST 1920     // samples the longest Opus packet can hold at this rate: 120 ms

/** Starts a recording: empty ring, no packets. False if Opus refuses. */
bool encoderOpen(void);
/** Encodes VOICE_FRAME samples to one packet in the ring; a packet that finds no room is counted and lost. */
void encodeFrame(const int16_t *samples);
/** True while a packet of any size, and the last ones that a stop makes, would fit. */
bool encoderHasRoom(void);
/** Moves whole packets, each after its varint length; returns bytes. For the interpreter's task. */
size_t takePackets(uint8_t *out, size_t length);
/** Packets made since `encoderOpen`, and how many of them were lost. */
unsigned encodedPackets(void);
unsigned droppedPackets(void);

/** Starts to play at `volume` percent: empty ring, nothing heard. False if Opus refuses. */
bool decoderOpen(int volume);
/** Queues bytes of a packet stream, cut anywhere; returns how many were taken: none after the end of the stream. For the interpreter's task. */
size_t givePackets(const uint8_t *bytes, size_t length);
/** No more will be given. For the interpreter's task. */
void endPackets(void);
/** Decodes the next packet to at most VOICE_LONGEST samples. Returns how many; 0 if none is whole yet (or all were pre-skip); -1 at the end of the stream. */
int decodeNext(int16_t *samples);

#endif
