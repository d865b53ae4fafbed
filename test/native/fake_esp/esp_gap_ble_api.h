// Of ESP-IDF's public API, what the toy's C uses: advertising. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

typedef uint8_t esp_bd_addr_t[6];
typedef enum { ESP_BT_STATUS_SUCCESS, ESP_BT_STATUS_FAIL } esp_bt_status_t;
typedef enum { BLE_ADDR_TYPE_PUBLIC, BLE_ADDR_TYPE_RANDOM } esp_ble_addr_type_t;
typedef enum { ADV_TYPE_IND } esp_ble_adv_type_t;
typedef enum { ADV_CHNL_ALL = 7 } esp_ble_adv_channel_t;
typedef enum { ADV_FILTER_ALLOW_SCAN_ANY_CON_ANY } esp_ble_adv_filter_t;

typedef struct {
  uint16_t adv_int_min, adv_int_max; // of 0.625 ms
  esp_ble_adv_type_t adv_type;
  esp_ble_addr_type_t own_addr_type;
  esp_bd_addr_t peer_addr;
  esp_ble_addr_type_t peer_addr_type;
  esp_ble_adv_channel_t channel_map;
  esp_ble_adv_filter_t adv_filter_policy;
} esp_ble_adv_params_t;

typedef enum {
  ESP_GAP_BLE_ADV_DATA_RAW_SET_COMPLETE_EVT = 4,
  ESP_GAP_BLE_ADV_START_COMPLETE_EVT = 6,
  ESP_GAP_BLE_ADV_STOP_COMPLETE_EVT = 17,
  ESP_GAP_BLE_SET_STATIC_RAND_ADDR_EVT = 19,
} esp_gap_ble_cb_event_t;

typedef union {
  struct { esp_bt_status_t status; } adv_data_raw_cmpl, adv_start_cmpl, adv_stop_cmpl, set_rand_addr_cmpl;
} esp_ble_gap_cb_param_t;

typedef void (*esp_gap_ble_cb_t)(esp_gap_ble_cb_event_t event, esp_ble_gap_cb_param_t *told);

esp_err_t esp_ble_gap_register_callback(esp_gap_ble_cb_t callback);
esp_err_t esp_ble_gap_set_rand_addr(esp_bd_addr_t address);
esp_err_t esp_ble_gap_config_adv_data_raw(uint8_t *data, uint32_t length);
esp_err_t esp_ble_gap_start_advertising(esp_ble_adv_params_t *how);
esp_err_t esp_ble_gap_stop_advertising(void);
typedef struct {
  esp_bd_addr_t bda;
  uint16_t min_int, max_int, latency, timeout;
} esp_ble_conn_update_params_t;
esp_err_t esp_ble_gap_update_conn_params(esp_ble_conn_update_params_t *how);
esp_err_t esp_ble_gap_disconnect(esp_bd_addr_t remote);
