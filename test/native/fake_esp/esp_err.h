// Of ESP-IDF's public API, what the toy's C uses: results of calls. Written from its documentation, for tests on a host.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

typedef int esp_err_t;
enum { ESP_OK = 0, ESP_FAIL = -1, ESP_ERR_NO_MEM = 0x101, ESP_ERR_INVALID_STATE = 0x103 };
