// What programs need of an ESP32: the slots as memory, flash behind the guard, the board's number, and the deadline of a trial.
#include "esp_spi_flash.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "program_board_esp32.h"
#include "program_layout.h"
#include "program_port.h"
#include <stdlib.h>

#define TRIAL_US 600000000ull

// Espruino's own, which JavaScript reaches through the guard alone (jswrap_program.c).
void __real_jshFlashErasePage(uint32_t address);
void __real_jshFlashWrite(void *bytes, uint32_t address, uint32_t length);

static esp_timer_handle_t trial;

const uint8_t *programFlash(void) {
  static const uint8_t *pages; // never released: the program runs from here
  const uint32_t from = PROGRAMS_ADDRESS & ~(SPI_FLASH_MMU_PAGE_SIZE - 1u);
  if (!pages) {
    const void *mapped;
    spi_flash_mmap_handle_t handle;
    // What is mapped follows what is written: ESP-IDF clears the cache of it.
    if (spi_flash_mmap(from, PROGRAMS_ADDRESS + PROGRAMS_BYTES - from, SPI_FLASH_MMAP_DATA, &mapped, &handle) != ESP_OK) abort();
    pages = mapped;
  }
  return pages + (PROGRAMS_ADDRESS - from);
}

void flashErase(uint32_t address) { __real_jshFlashErasePage(address); }

void flashWrite(uint32_t address, const uint8_t *bytes, uint32_t length) { __real_jshFlashWrite((void *)bytes, address, length); }

uint16_t programBoard(void) { return BOARD_NUMBER; }

static void restart(void *unused) {
  (void)unused;
  esp_restart();
}

void trialStart(void) {
  const esp_timer_create_args_t once = {.callback = restart, .name = "trial"};
  // Without its deadline a program could keep the toy for ever: then rather no trial now, but a start anew, which uses a try.
  if (esp_timer_create(&once, &trial) != ESP_OK || esp_timer_start_once(trial, TRIAL_US) != ESP_OK) esp_restart();
}

void trialEnd(void) {
  if (!trial) return;
  esp_timer_stop(trial);
  esp_timer_delete(trial);
  trial = NULL;
}
