// NOR flash, its map, a timer and a restart (flash.h).
#include "flash.h"
#include "check.h"
#include "esp_spi_flash.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "storage.h"

#define FROM 0x2f0000u
#define SECTOR 4096u
#define TORN 200u // a head is as it was, what follows it is up

uint8_t fakeFlash[0x20000];
bool fakeFlashIsWorn, fakeTimerRuns;
static void (*ring)(void *);
static int timers;

void fakeFlashErase(void) { memset(fakeFlash, 0xff, sizeof(fakeFlash)); }

static uint8_t *at(uint32_t address, uint32_t length) {
  CHECK(address >= FROM && length <= sizeof(fakeFlash) && address - FROM <= sizeof(fakeFlash) - length);
  return fakeFlash + (address - FROM);
}

/** Of a byte that was being changed when the power went: the bits that have changed. `isOld`: if it is torn, this part is as it was. */
static uint8_t changed(bool isOld) {
  switch (fakeCut) {
  case CUT_KEEPS_OLD: return 0;
  case CUT_KEEPS_NEW: return 0xff;
  case CUT_TEARS: return isOld ? 0 : 0xff;
  default: return (uint8_t)anyNumber();
  }
}

void __real_jshFlashWrite(void *bytes, uint32_t address, uint32_t length) {
  uint8_t *to = at(address, length);
  CHECK(address % 4 == 0 && length % 4 == 0 && length > 0);
  bool isCut = fakeIsCut();
  for (uint32_t i = 0; i < length && !fakeFlashIsWorn; i++)
    to[i] &= ((uint8_t *)bytes)[i] | (uint8_t)~(isCut ? changed(i >= length / 2) : 0xff);
  if (isCut) longjmp(fakePowerOff, 1);
}

void __real_jshFlashErasePage(uint32_t address) {
  uint8_t *sector = at(address & ~(SECTOR - 1), SECTOR);
  bool isCut = fakeIsCut();
  for (uint32_t i = 0; i < SECTOR && !fakeFlashIsWorn; i++) sector[i] |= isCut ? changed(i < TORN) : 0xff;
  if (isCut) longjmp(fakePowerOff, 1);
}

esp_err_t spi_flash_mmap(size_t from, size_t size, spi_flash_mmap_memory_t memory, const void **out, spi_flash_mmap_handle_t *handle) {
  CHECK(from % SPI_FLASH_MMU_PAGE_SIZE == 0 && memory == SPI_FLASH_MMAP_DATA);
  *out = at((uint32_t)from, (uint32_t)size);
  *handle = 1;
  return ESP_OK;
}

void esp_restart(void) { longjmp(fakePowerOff, 1); }

esp_err_t esp_timer_create(const esp_timer_create_args_t *create, esp_timer_handle_t *timer) {
  CHECK(timers == 0); // each that was made is deleted before the next
  timers++;
  ring = create->callback;
  *timer = (esp_timer_handle_t)fakeFlash;
  return ESP_OK;
}

esp_err_t esp_timer_start_once(esp_timer_handle_t timer, uint64_t us) {
  CHECK(timer == (esp_timer_handle_t)fakeFlash && us == 600000000);
  fakeTimerRuns = true;
  return ESP_OK;
}

esp_err_t esp_timer_stop(esp_timer_handle_t timer) {
  CHECK(timer == (esp_timer_handle_t)fakeFlash);
  fakeTimerRuns = false;
  return ESP_OK;
}

esp_err_t esp_timer_delete(esp_timer_handle_t timer) {
  CHECK(timer == (esp_timer_handle_t)fakeFlash && !fakeTimerRuns && timers == 1);
  timers--;
  return ESP_OK;
}

void fakeTimerRings(void) {
  CHECK(fakeTimerRuns);
  fakeTimerRuns = false;
  ring(NULL);
}
