// Of ESP-IDF's hardware layer, what the toy's C uses in an interrupt. Written from its documentation, for tests on a host.
#pragma once
#include "driver/gpio.h"

typedef struct { int unused; } gpio_dev_t;
extern gpio_dev_t GPIO;
void gpio_ll_set_intr_type(gpio_dev_t *hardware, gpio_num_t pin, gpio_int_type_t type);
int gpio_ll_get_level(gpio_dev_t *hardware, gpio_num_t pin);
