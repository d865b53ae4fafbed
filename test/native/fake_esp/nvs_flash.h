// Of ESP-IDF's public API, what the toy's C uses: the storage's start. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

esp_err_t nvs_flash_init_partition(const char *partition);
