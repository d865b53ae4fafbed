// The maker's store of the Linux board: 34 bytes, key and floor, in the file that PAWPOST_MAKER names; without it, in memory alone.
#include "program_port.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES (MAKER_KEY_BYTES + 2)

bool makerRead(Maker *maker) {
  const char *path = getenv("PAWPOST_MAKER");
  int file = path ? open(path, O_RDONLY) : -1;
  if (file < 0) return false;
  uint8_t bytes[FILE_BYTES + 1];
  if (read(file, bytes, sizeof(bytes)) != FILE_BYTES) {
    fprintf(stderr, "pawpost: the file of PAWPOST_MAKER is not %d bytes\n", FILE_BYTES);
    exit(1);
  }
  close(file);
  memcpy(maker->key, bytes, MAKER_KEY_BYTES);
  maker->floor = (uint16_t)(bytes[MAKER_KEY_BYTES] | bytes[MAKER_KEY_BYTES + 1] << 8);
  return true;
}

bool makerWrite(const Maker *maker) {
  const char *path = getenv("PAWPOST_MAKER");
  if (!path) return true;
  uint8_t bytes[FILE_BYTES];
  memcpy(bytes, maker->key, MAKER_KEY_BYTES);
  bytes[MAKER_KEY_BYTES] = (uint8_t)maker->floor;
  bytes[MAKER_KEY_BYTES + 1] = (uint8_t)(maker->floor >> 8);
  char next[4096];
  if (snprintf(next, sizeof(next), "%s.next", path) >= (int)sizeof(next)) return false;
  int file = open(next, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return false;
  bool written = write(file, bytes, FILE_BYTES) == FILE_BYTES && fsync(file) == 0;
  close(file);
  return written && rename(next, path) == 0;
}
