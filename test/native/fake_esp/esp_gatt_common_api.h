// Of ESP-IDF's public API, what the toy's C uses: the MTU. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

esp_err_t esp_ble_gatt_set_local_mtu(uint16_t mtu);
