// Of ESP-IDF's public API, what the toy's C uses: sleep. Written from its documentation, for tests on a host.
#pragma once
#include "driver/gpio.h"

typedef enum {
  ESP_SLEEP_WAKEUP_UNDEFINED, ESP_SLEEP_WAKEUP_ALL, ESP_SLEEP_WAKEUP_EXT0, ESP_SLEEP_WAKEUP_TIMER, ESP_SLEEP_WAKEUP_GPIO,
} esp_sleep_wakeup_cause_t;
typedef enum { ESP_GPIO_WAKEUP_GPIO_LOW, ESP_GPIO_WAKEUP_GPIO_HIGH } esp_deepsleep_gpio_wake_up_mode_t;

esp_sleep_wakeup_cause_t esp_sleep_get_wakeup_cause(void);
esp_err_t esp_sleep_disable_wakeup_source(esp_sleep_wakeup_cause_t source);
esp_err_t esp_sleep_enable_timer_wakeup(uint64_t us);
esp_err_t esp_sleep_enable_ext0_wakeup(gpio_num_t pin, int level);
esp_err_t esp_sleep_enable_gpio_wakeup(void);
esp_err_t esp_deep_sleep_enable_gpio_wakeup(uint64_t pins, esp_deepsleep_gpio_wake_up_mode_t level);
_Noreturn void esp_deep_sleep_start(void);
