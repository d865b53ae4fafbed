// The Linux board's flash: 4 MB with pages of 4096 bytes in the file PAWPOST_FLASH (espruino.flash), mapped into memory as a chip's is, so that the
// program runs from it without a copy. Addresses count from the start of the chip, as on ESP32. Stands in for Espruino's own (--wrap);
// erasing and writing go through the guard of jswrap_program.c.
#define _GNU_SOURCE
#include "flash_port.h"
#include "jshardware.h"
#include "jsvar.h"
#include "platform_config.h"
#include "program_layout.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t *flash;

/** Where `address` lies, whether it counts from the chip's start or from where Espruino thinks flash begins. */
static uint8_t *at(uint32_t address, uint32_t length) {
  if (address >= FLASH_START) address -= FLASH_START;
  if (!flash) {
    const char *path = getenv("PAWPOST_FLASH");
    int file = open(path ? path : "espruino.flash", O_RDWR | O_CREAT, 0600);
    off_t size = file < 0 ? -1 : lseek(file, 0, SEEK_END);
    // At FLASH_START, where Espruino takes strings for constant.
    if (size >= 0 && ftruncate(file, FLASH_TOTAL) == 0)
      flash = mmap((void *)FLASH_START, FLASH_TOTAL, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, file, 0);
    if (!flash || flash == MAP_FAILED) {
      fprintf(stderr, "pawpost: no flash\n");
      exit(1);
    }
    close(file);
    memset(flash + size, 0xff, (size_t)(FLASH_TOTAL - size)); // what is new is erased
  }
  return address < FLASH_TOTAL && length <= FLASH_TOTAL - address ? flash + address : NULL;
}

bool __wrap_jshFlashGetPage(uint32_t address, uint32_t *start, uint32_t *size) {
  if (!at(address, 1)) return false;
  *start = address & ~(SECTOR_BYTES - 1);
  *size = SECTOR_BYTES;
  return true;
}

void flashErase(uint32_t address) {
  uint8_t *page = at(address & ~(SECTOR_BYTES - 1), SECTOR_BYTES);
  if (page) memset(page, 0xff, SECTOR_BYTES);
}

void __wrap_jshFlashRead(void *out, uint32_t address, uint32_t length) {
  uint8_t *from = at(address, length);
  if (from) memcpy(out, from, length);
  else memset(out, 0xff, length);
}

void flashWrite(uint32_t address, const uint8_t *bytes, uint32_t length) {
  uint8_t *to = at(address, length);
  for (uint32_t i = 0; to && i < length; i++) to[i] &= bytes[i];
}

size_t __wrap_jshFlashGetMemMapAddress(size_t address) { return (size_t)at((uint32_t)address, 1); }

const uint8_t *programFlash(void) { return at(PROGRAMS_ADDRESS, PROGRAMS_BYTES); }
