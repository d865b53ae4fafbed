// Advertises on an ESP32 while nobody is connected. All calls are the interpreter's task's; Bluedroid's only answers.
#include "advertiser_esp32.h"
#include "esp_gap_ble_api.h"
#include "esp_random.h"
#include "radio_port.h"
#include <stdatomic.h>
#include <string.h>

#define AGAIN_MS 1000  // after a refusal
#define ANSWER_MS 2000 // for an answer that never comes

// Each step is a call and its answer: the address cannot change while the radio advertises.
typedef enum { RESTING, STOPPING, ADDRESSING, FILLING, STARTING, ADVERTISING } Stage;
typedef enum { NO_ANSWER, DONE, REFUSED } Answer;

static atomic_int answer; // to the last call
static Stage stage;
static bool wanted, renewed;
static uint32_t askedAt, pauseMs;
static uint8_t data[ADVERTISEMENT_BYTES];

static void heard(esp_gap_ble_cb_event_t event, esp_ble_gap_cb_param_t *told) {
  esp_bt_status_t status;
  switch (event) {
  case ESP_GAP_BLE_ADV_STOP_COMPLETE_EVT: status = told->adv_stop_cmpl.status; break;
  case ESP_GAP_BLE_SET_STATIC_RAND_ADDR_EVT: status = told->set_rand_addr_cmpl.status; break;
  case ESP_GAP_BLE_ADV_DATA_RAW_SET_COMPLETE_EVT: status = told->adv_data_raw_cmpl.status; break;
  case ESP_GAP_BLE_ADV_START_COMPLETE_EVT: status = told->adv_start_cmpl.status; break;
  default: return;
  }
  atomic_store(&answer, status == ESP_BT_STATUS_SUCCESS ? DONE : REFUSED);
  jshHadEvent();
}

bool advertiserStart(void) { return esp_ble_gap_register_callback(heard) == ESP_OK; }

void advertiserFill(const uint8_t *next) {
  memcpy(data, next, ADVERTISEMENT_BYTES);
  wanted = renewed = true;
}

void advertiserStop(void) {
  if (stage == ADVERTISING || stage == STARTING) esp_ble_gap_stop_advertising();
  wanted = false;
  stage = RESTING;
}

static esp_err_t ask(Stage next) {
  // 100-150 ms: found within a second, and a third of a milliamp
  static esp_ble_adv_params_t how = {
    .adv_int_min = 160, .adv_int_max = 240, .adv_type = ADV_TYPE_IND, .own_addr_type = BLE_ADDR_TYPE_RANDOM,
    .channel_map = ADV_CHNL_ALL, .adv_filter_policy = ADV_FILTER_ALLOW_SCAN_ANY_CON_ANY,
  };
  esp_bd_addr_t address;
  switch (next) {
  case STOPPING: return esp_ble_gap_stop_advertising();
  case ADDRESSING:
    esp_fill_random(address, sizeof(address));
    address[0] |= 0xC0; // a static random address, the only kind every phone connects to
    return esp_ble_gap_set_rand_addr(address);
  case FILLING:
    renewed = false;
    return esp_ble_gap_config_adv_data_raw(data, ADVERTISEMENT_BYTES);
  case STARTING: return esp_ble_gap_start_advertising(&how);
  default: return ESP_OK;
  }
}

static void go(Stage next, uint32_t nowMs) {
  stage = next;
  askedAt = nowMs;
  atomic_store(&answer, NO_ANSWER);
  if (ask(next) != ESP_OK) atomic_store(&answer, REFUSED);
}

void advertiserStep(bool isFree, uint32_t nowMs) {
  if (!isFree || !wanted) { // a connection has ended the advertisement by itself
    stage = RESTING;
    pauseMs = 0;
    return;
  }
  Answer heardNow = (Answer)atomic_load(&answer);
  if (stage == RESTING) {
    if (nowMs - askedAt >= pauseMs) go(STOPPING, nowMs); // whatever the last try has left
  } else if (stage == ADVERTISING) {
    if (renewed) go(STOPPING, nowMs);
  } else if (heardNow == DONE || (stage == STOPPING && heardNow == REFUSED)) {
    go(stage + 1, nowMs); // the order of the stages is the order of the calls
  } else if (heardNow == REFUSED || nowMs - askedAt >= ANSWER_MS) {
    stage = RESTING;
    pauseMs = AGAIN_MS;
  }
}
