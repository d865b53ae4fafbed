// The key store of the Linux board: 512 bytes in the file that PAWPOST_KEYS names; without it the slots live in memory alone.
#include "keyslots.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT_BYTES (KEPT_SLOTS * KEY_SLOT_BYTES)

void keystoreRead(uint8_t *kept) {
  const char *path = getenv("PAWPOST_KEYS");
  memset(kept, 0, KEPT_BYTES);
  if (!path) return;
  int file = open(path, O_RDONLY);
  if (file < 0) return; // a new toy
  if (read(file, kept, KEPT_BYTES) != KEPT_BYTES) {
    // A toy that started without its keys would look unpaired and could be taken over.
    fprintf(stderr, "pawpost: the file of PAWPOST_KEYS is not %d bytes\n", KEPT_BYTES);
    exit(1);
  }
  close(file);
}

bool keystoreWrite(const uint8_t *kept) {
  const char *path = getenv("PAWPOST_KEYS");
  if (!path) return true;
  char next[4096];
  if (snprintf(next, sizeof(next), "%s.next", path) >= (int)sizeof(next)) return false;
  int file = open(next, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return false;
  bool written = write(file, kept, KEPT_BYTES) == KEPT_BYTES && fsync(file) == 0;
  close(file);
  return written && rename(next, path) == 0;
}
