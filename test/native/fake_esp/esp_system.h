// Of ESP-IDF's public API, what the toy's C uses: a restart. Written from its documentation, for tests on a host.
#pragma once

void esp_restart(void) __attribute__((noreturn));
