// Of ESP-IDF's public API, what the toy's C uses: pins. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

typedef int gpio_num_t;
typedef enum { GPIO_MODE_OUTPUT = 2 } gpio_mode_t;
typedef enum { GPIO_INTR_ANYEDGE = 3, GPIO_INTR_LOW_LEVEL = 4, GPIO_INTR_HIGH_LEVEL = 5 } gpio_int_type_t;
typedef void *gpio_isr_handle_t;
esp_err_t gpio_set_direction(gpio_num_t pin, gpio_mode_t mode);
esp_err_t gpio_set_level(gpio_num_t pin, uint32_t level);
esp_err_t gpio_set_intr_type(gpio_num_t pin, gpio_int_type_t type);
esp_err_t gpio_isr_register(void (*handler)(void *), void *argument, int flags, gpio_isr_handle_t *handle);
esp_err_t gpio_wakeup_enable(gpio_num_t pin, gpio_int_type_t level);
esp_err_t gpio_wakeup_disable(gpio_num_t pin);
esp_err_t gpio_sleep_sel_dis(gpio_num_t pin);
esp_err_t gpio_hold_en(gpio_num_t pin);
esp_err_t gpio_hold_dis(gpio_num_t pin);
void gpio_deep_sleep_hold_en(void);
void gpio_deep_sleep_hold_dis(void);
