// Of ESP-IDF's public API, what the toy's C uses: the clock. Written from its documentation, for tests on a host.
#pragma once
#include <stdint.h>

int64_t esp_timer_get_time(void);
