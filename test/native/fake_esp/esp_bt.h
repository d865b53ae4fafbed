// Of ESP-IDF's public API, what the toy's C uses: the controller. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

typedef enum { ESP_BT_MODE_IDLE, ESP_BT_MODE_BLE } esp_bt_mode_t;
typedef enum { ESP_BT_CONTROLLER_STATUS_IDLE, ESP_BT_CONTROLLER_STATUS_INITED, ESP_BT_CONTROLLER_STATUS_ENABLED } esp_bt_controller_status_t;
typedef struct { int unused; } esp_bt_controller_config_t;
#define BT_CONTROLLER_INIT_CONFIG_DEFAULT() {0}

esp_bt_controller_status_t esp_bt_controller_get_status(void);
esp_err_t esp_bt_controller_init(esp_bt_controller_config_t *settings);
esp_err_t esp_bt_controller_enable(esp_bt_mode_t mode);
esp_err_t esp_bt_controller_disable(void);
