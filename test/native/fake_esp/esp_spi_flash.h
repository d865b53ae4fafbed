// Of ESP-IDF's public API, what the toy's C uses: flash as memory. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

#define SPI_FLASH_MMU_PAGE_SIZE 0x10000
typedef enum { SPI_FLASH_MMAP_DATA, SPI_FLASH_MMAP_INST } spi_flash_mmap_memory_t;
typedef uint32_t spi_flash_mmap_handle_t;

esp_err_t spi_flash_mmap(size_t from, size_t size, spi_flash_mmap_memory_t memory, const void **out, spi_flash_mmap_handle_t *handle);
