// A ring of bytes between one task that writes and one that reads, without locks.
#ifndef PAWPOST_RING_H
#define PAWPOST_RING_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_BYTES 8192 // a power of two: the counters below run free

typedef struct {
  uint8_t bytes[RING_BYTES];
  atomic_uint written, read; // bytes ever put and taken, modulo 2^32
} Ring;

/** Forgets what is inside. Only while neither side is at work. */
void ringClear(Ring *ring);
size_t ringUsed(Ring *ring);
size_t ringRoom(Ring *ring);
/** Puts `a` then `b`, or nothing: false if there is no room for both. */
bool ringPut(Ring *ring, const uint8_t *a, size_t aLength, const uint8_t *b, size_t bLength);
/** Copies `length` bytes that lie `offset` after the oldest, which must be there, without taking them. */
void ringPeek(Ring *ring, size_t offset, uint8_t *out, size_t length);
/** Drops the oldest `length` bytes. */
void ringDrop(Ring *ring, size_t length);

#endif
