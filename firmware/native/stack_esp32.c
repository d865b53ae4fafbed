// Starts an ESP32's Bluetooth: the controller, whose radio feeds the random numbers, and Bluedroid on it.
#include "stack_esp32.h"
#include "entropy_port.h"
#include "esp_bt.h"
#include "esp_bt_main.h"
#include <stdlib.h>

static bool controllerStart(void) {
  esp_bt_controller_config_t settings = BT_CONTROLLER_INIT_CONFIG_DEFAULT();
  if (esp_bt_controller_get_status() == ESP_BT_CONTROLLER_STATUS_IDLE && esp_bt_controller_init(&settings) != ESP_OK) return false;
  return esp_bt_controller_get_status() == ESP_BT_CONTROLLER_STATUS_ENABLED || esp_bt_controller_enable(ESP_BT_MODE_BLE) == ESP_OK;
}

void entropyStart(void) {
  if (!controllerStart()) abort();
}

bool stackStart(void) {
  if (!controllerStart()) return false;
  if (esp_bluedroid_get_status() == ESP_BLUEDROID_STATUS_UNINITIALIZED && esp_bluedroid_init() != ESP_OK) return false;
  return esp_bluedroid_get_status() == ESP_BLUEDROID_STATUS_ENABLED || esp_bluedroid_enable() == ESP_OK;
}

void stackStop(void) {
  if (esp_bluedroid_get_status() == ESP_BLUEDROID_STATUS_ENABLED) esp_bluedroid_disable();
  if (esp_bt_controller_get_status() == ESP_BT_CONTROLLER_STATUS_ENABLED) esp_bt_controller_disable();
}
