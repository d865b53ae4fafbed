// Of ESP-IDF's public API, what the toy's C uses: the hardware's random numbers. Written from its documentation, for tests on a host.
#pragma once
#include <stddef.h>

void esp_fill_random(void *out, size_t length);
