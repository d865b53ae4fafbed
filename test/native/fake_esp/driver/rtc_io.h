// Of ESP-IDF's public API, what the toy's C uses: pins that stay in power in deep sleep. Written from its documentation, for tests on a host.
#pragma once
#include "gpio.h"

esp_err_t rtc_gpio_deinit(gpio_num_t pin);
esp_err_t rtc_gpio_pullup_en(gpio_num_t pin);
esp_err_t rtc_gpio_pullup_dis(gpio_num_t pin);
esp_err_t rtc_gpio_pulldown_en(gpio_num_t pin);
esp_err_t rtc_gpio_pulldown_dis(gpio_num_t pin);
