// Of ESP-IDF's public API, what the toy's C uses: Bluedroid's start. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

typedef enum { ESP_BLUEDROID_STATUS_UNINITIALIZED, ESP_BLUEDROID_STATUS_INITIALIZED, ESP_BLUEDROID_STATUS_ENABLED } esp_bluedroid_status_t;

esp_bluedroid_status_t esp_bluedroid_get_status(void);
esp_err_t esp_bluedroid_init(void);
esp_err_t esp_bluedroid_enable(void);
esp_err_t esp_bluedroid_disable(void);
