// Of ESP-IDF's public API, what the toy's C uses: a restart, and why the chip has started. Written from its documentation, for tests on a host.
#pragma once

void esp_restart(void) __attribute__((noreturn));
typedef enum { ESP_RST_UNKNOWN, ESP_RST_POWERON, ESP_RST_SW, ESP_RST_TASK_WDT, ESP_RST_DEEPSLEEP, ESP_RST_BROWNOUT } esp_reset_reason_t;
esp_reset_reason_t esp_reset_reason(void);
