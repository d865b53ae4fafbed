// Of ESP-IDF's public API, what the toy's C uses: the GATT server. Written from its documentation, for tests on a host.
#pragma once
#include "esp_gap_ble_api.h"

typedef uint8_t esp_gatt_if_t;
#define ESP_GATT_IF_NONE 0xff

typedef enum {
  ESP_GATT_OK = 0x0,
  ESP_GATT_REQ_NOT_SUPPORTED = 0x06,
  ESP_GATT_INVALID_ATTR_LEN = 0x0d,
  ESP_GATT_INSUF_RESOURCE = 0x11,
  ESP_GATT_INTERNAL_ERROR = 0x81,
  ESP_GATT_CONGESTED = 0x8f,
} esp_gatt_status_t;

enum { ESP_GATT_UUID_PRI_SERVICE = 0x2800, ESP_GATT_UUID_CHAR_DECLARE = 0x2803, ESP_GATT_UUID_CHAR_CLIENT_CONFIG = 0x2902 };
enum { ESP_GATT_PERM_READ = 1 << 0, ESP_GATT_PERM_WRITE = 1 << 4 };
enum { ESP_GATT_CHAR_PROP_BIT_WRITE_NR = 1 << 2, ESP_GATT_CHAR_PROP_BIT_NOTIFY = 1 << 4 };
enum { ESP_GATT_RSP_BY_APP, ESP_GATT_AUTO_RSP };

typedef struct { uint8_t auto_rsp; } esp_attr_control_t;
typedef struct {
  uint16_t uuid_length;
  uint8_t *uuid_p;
  uint16_t perm, max_length, length;
  uint8_t *value;
} esp_attr_desc_t;
typedef struct {
  esp_attr_control_t attr_control;
  esp_attr_desc_t att_desc;
} esp_gatts_attr_db_t;

typedef union {
  struct {
    uint8_t value[512];
    uint16_t handle, offset, len;
    uint8_t auth_req;
  } attr_value;
  uint16_t handle;
} esp_gatt_rsp_t;

typedef enum {
  ESP_GATTS_REG_EVT = 0,
  ESP_GATTS_READ_EVT = 1,
  ESP_GATTS_WRITE_EVT = 2,
  ESP_GATTS_EXEC_WRITE_EVT = 3,
  ESP_GATTS_MTU_EVT = 4,
  ESP_GATTS_CONF_EVT = 5,
  ESP_GATTS_START_EVT = 12,
  ESP_GATTS_CONNECT_EVT = 14,
  ESP_GATTS_DISCONNECT_EVT = 15,
  ESP_GATTS_CONGEST_EVT = 20,
  ESP_GATTS_RESPONSE_EVT = 21,
  ESP_GATTS_CREAT_ATTR_TAB_EVT = 22,
} esp_gatts_cb_event_t;

typedef union {
  struct { esp_gatt_status_t status; uint16_t app_id; } reg;
  struct gatts_read_evt_param { uint16_t conn_id; uint32_t trans_id; uint16_t handle, offset; bool is_long, need_rsp; } read;
  struct gatts_write_evt_param {
    uint16_t conn_id;
    uint32_t trans_id;
    uint16_t handle, offset;
    bool need_rsp, is_prep;
    uint16_t len;
    uint8_t *value;
  } write;
  struct { uint16_t conn_id; uint32_t trans_id; uint8_t exec_write_flag; } exec_write;
  struct { uint16_t conn_id, mtu; } mtu;
  struct { esp_gatt_status_t status; uint16_t conn_id, handle; } conf;
  struct { esp_gatt_status_t status; uint16_t service_handle; } start;
  struct gatts_connect_evt_param { uint16_t conn_id; esp_bd_addr_t remote_bda; } connect;
  struct { uint16_t conn_id; esp_bd_addr_t remote_bda; } disconnect;
  struct { uint16_t conn_id; bool congested; } congest;
  struct { esp_gatt_status_t status; uint16_t num_handle; uint16_t *handles; } add_attr_tab;
} esp_ble_gatts_cb_param_t;

typedef void (*esp_gatts_cb_t)(esp_gatts_cb_event_t event, esp_gatt_if_t from, esp_ble_gatts_cb_param_t *told);

esp_err_t esp_ble_gatts_register_callback(esp_gatts_cb_t callback);
esp_err_t esp_ble_gatts_app_register(uint16_t app);
esp_err_t esp_ble_gatts_create_attr_tab(const esp_gatts_attr_db_t *attributes, esp_gatt_if_t server, uint8_t count, uint8_t instance);
esp_err_t esp_ble_gatts_start_service(uint16_t service);
esp_err_t esp_ble_gatts_send_indicate(esp_gatt_if_t server, uint16_t connection, uint16_t handle, uint16_t length, uint8_t *value, bool confirm);
esp_err_t esp_ble_gatts_send_response(
  esp_gatt_if_t server, uint16_t connection, uint32_t request, esp_gatt_status_t status, esp_gatt_rsp_t *response);
