// A ring of bytes between one task that writes and one that reads, without locks.
#include "ring.h"
#include <string.h>

void ringClear(Ring *ring) {
  atomic_store(&ring->written, 0);
  atomic_store(&ring->read, 0);
}

size_t ringUsed(Ring *ring) { return atomic_load(&ring->written) - atomic_load(&ring->read); }

size_t ringRoom(Ring *ring) { return RING_BYTES - ringUsed(ring); }

static void copyIn(Ring *ring, unsigned at, const uint8_t *bytes, size_t length) {
  size_t start = at % RING_BYTES, first = RING_BYTES - start;
  if (first > length) first = length;
  memcpy(ring->bytes + start, bytes, first);
  memcpy(ring->bytes, bytes + first, length - first);
}

bool ringPut(Ring *ring, const uint8_t *a, size_t aLength, const uint8_t *b, size_t bLength) {
  if (aLength + bLength > ringRoom(ring)) return false;
  unsigned at = atomic_load(&ring->written);
  copyIn(ring, at, a, aLength);
  if (bLength) copyIn(ring, at + (unsigned)aLength, b, bLength);
  atomic_store(&ring->written, at + (unsigned)(aLength + bLength)); // last: only now may the reader see them
  return true;
}

void ringPeek(Ring *ring, size_t offset, uint8_t *out, size_t length) {
  size_t start = (atomic_load(&ring->read) + offset) % RING_BYTES, first = RING_BYTES - start;
  if (first > length) first = length;
  memcpy(out, ring->bytes + start, first);
  memcpy(out + first, ring->bytes, length - first);
}

void ringDrop(Ring *ring, size_t length) { atomic_fetch_add(&ring->read, (unsigned)length); }
