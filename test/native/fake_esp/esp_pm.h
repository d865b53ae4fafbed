// Of ESP-IDF's public API, what the toy's C uses: power management. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

typedef enum { ESP_PM_CPU_FREQ_MAX, ESP_PM_APB_FREQ_MAX, ESP_PM_NO_LIGHT_SLEEP } esp_pm_lock_type_t;
typedef struct FakeLock *esp_pm_lock_handle_t;
typedef struct {
  int max_freq_mhz, min_freq_mhz;
  bool light_sleep_enable;
} esp_pm_config_esp32c3_t, esp_pm_config_esp32s3_t, esp_pm_config_esp32_t;

esp_err_t esp_pm_configure(const void *how);
esp_err_t esp_pm_lock_create(esp_pm_lock_type_t type, int argument, const char *name, esp_pm_lock_handle_t *lock);
esp_err_t esp_pm_lock_acquire(esp_pm_lock_handle_t lock);
esp_err_t esp_pm_lock_release(esp_pm_lock_handle_t lock);
