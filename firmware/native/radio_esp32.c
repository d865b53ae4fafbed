// The toy's GATT server on an ESP32, over Bluedroid (protocol/README.md section 2). Bluedroid's task calls back; it and the interpreter's task
// share the two rings and the atomic variables below, and no JavaScript value. A value is lost only with its connection, and that is told.
#include "advertiser_esp32.h"
#include "esp_gap_ble_api.h"
#include "esp_gatt_common_api.h"
#include "esp_gatts_api.h"
#include "esp_timer.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "pace_esp32.h"
#include "radio_port.h"
#include "stack_esp32.h"
#include <string.h>

#define LOCAL_MTU (RADIO_VALUE_BYTES + 3)
#define SUBSCRIBE_WITHIN_MS 10000 // native.d.ts
#define STALLED_MS 5000           // a value that the stack neither takes nor refuses
#define LEAVE_AGAIN_MS 1000
#define STOP_WITHIN_MS 500

enum { SERVICE, TO_TOY_DECLARATION, TO_TOY, FROM_TOY_DECLARATION, FROM_TOY, FROM_TOY_NOTIFIES, ATTRIBUTES };

// NOBODY -> LINKED -> SUBSCRIBED -> LEAVING -> GONE -> NOBODY. Bluedroid's task makes all steps but two: the interpreter's takes GONE to NOBODY,
// and only then, with no central and no advertisement, are the rings emptied. Both may send a central away (LEAVING).
typedef enum { NOBODY, LINKED, SUBSCRIBED, LEAVING, GONE } State;

static atomic_int state;
static atomic_uint since;        // ms: when `state` last changed
static atomic_int linkMtu;
static atomic_bool inFlight;     // the oldest value of radioSending is with the stack, which has not said what became of it
static atomic_bool congested;
static atomic_uint sentAt, asked;
static atomic_bool ready;        // the service is there
static bool announced;           // the interpreter knows of the connection; only its task looks
static esp_gatt_if_t server = ESP_GATT_IF_NONE;
static uint16_t connection, handles[ATTRIBUTES];
static esp_bd_addr_t central;

static uint16_t primary = ESP_GATT_UUID_PRI_SERVICE, declaration = ESP_GATT_UUID_CHAR_DECLARE;
static uint16_t configuration = ESP_GATT_UUID_CHAR_CLIENT_CONFIG, toToy = 0xB0A1, fromToy = 0xB0A2;
static uint8_t writable = ESP_GATT_CHAR_PROP_BIT_WRITE_NR, notifies = ESP_GATT_CHAR_PROP_BIT_NOTIFY;
static uint8_t service[16] = {
  // 50617770-6f73-7401-8000-00805f9b34fb, its last byte first
  0xfb, 0x34, 0x9b, 0x5f, 0x80, 0x00, 0x00, 0x80, 0x01, 0x74, 0x73, 0x6f, 0x70, 0x77, 0x61, 0x50,
};

#define ATTRIBUTE(who, uuid, permissions, most, length, value) \
  {{who}, {sizeof(uuid) == 16 ? 16 : 2, (uint8_t *)&uuid, permissions, most, length, value}}
#define READ ESP_GATT_PERM_READ
#define WRITE ESP_GATT_PERM_WRITE

static const esp_gatts_attr_db_t attributes[ATTRIBUTES] = {
  [SERVICE] = ATTRIBUTE(ESP_GATT_AUTO_RSP, primary, READ, sizeof(service), sizeof(service), service),
  [TO_TOY_DECLARATION] = ATTRIBUTE(ESP_GATT_AUTO_RSP, declaration, READ, 1, 1, &writable),
  [TO_TOY] = ATTRIBUTE(ESP_GATT_RSP_BY_APP, toToy, WRITE, RADIO_VALUE_BYTES, 0, NULL),
  [FROM_TOY_DECLARATION] = ATTRIBUTE(ESP_GATT_AUTO_RSP, declaration, READ, 1, 1, &notifies),
  [FROM_TOY] = ATTRIBUTE(ESP_GATT_RSP_BY_APP, fromToy, 0, RADIO_VALUE_BYTES, 0, NULL),
  [FROM_TOY_NOTIFIES] = ATTRIBUTE(ESP_GATT_RSP_BY_APP, configuration, READ | WRITE, 2, 0, NULL),
};

static uint32_t nowMs(void) { return (uint32_t)(esp_timer_get_time() / 1000); }

static void become(State next) {
  atomic_store(&since, nowMs());
  atomic_store(&state, next);
}

/** Sends the central away; GONE follows. Harmless without one. */
static void drop(void) {
  int seen = atomic_load(&state);
  if (seen != LINKED && seen != SUBSCRIBED) return;
  if (!atomic_compare_exchange_strong(&state, &seen, LEAVING)) return; // the other task was first
  atomic_store(&since, nowMs());
  esp_ble_gap_disconnect(central);
}

/** Hands the oldest value to the stack, one at a time: so that order holds, and a refused one can be sent again. */
static void sendOldest(void) {
  uint8_t length, value[RADIO_VALUE_BYTES];
  if (atomic_load(&state) != SUBSCRIBED || inFlight || congested || ringUsed(&radioSending) == 0) return;
  ringPeek(&radioSending, 0, &length, 1);
  ringPeek(&radioSending, 1, value, length);
  if (length > linkMtu - 3) { // the stack would cut it without a word: a central that has lied about its MTU
    drop();
    return;
  }
  atomic_store(&sentAt, nowMs());
  paceMoved(nowMs());
  inFlight = true; // before the call: the answer may come while it lasts
  if (esp_ble_gatts_send_indicate(server, connection, handles[FROM_TOY], length, value, false) != ESP_OK) inFlight = false;
}

/** For both tasks: whoever comes while the other is at work has it look once more. */
static void pump(void) {
  if (atomic_fetch_add(&asked, 1) != 0) return;
  unsigned seen = 1;
  do {
    seen = atomic_load(&asked);
    sendOldest();
  } while (!atomic_compare_exchange_strong(&asked, &seen, 0));
}

/** What became of the value in flight. CONGESTED is the stack's "taken, and now wait"; anything else but OK is "not taken". */
static void confirmed(esp_gatt_status_t status) {
  if (atomic_load(&state) != SUBSCRIBED || !inFlight) return;
  bool isTaken = status == ESP_GATT_OK || status == ESP_GATT_CONGESTED;
  if (isTaken) {
    uint8_t length;
    ringPeek(&radioSending, 0, &length, 1);
    ringDrop(&radioSending, 1u + length);
  }
  inFlight = false;
  if (isTaken) pump(); // else at the interpreter's next step: no haste where there is no memory
}

static void respond(uint32_t request, esp_gatt_status_t status) {
  esp_ble_gatts_send_response(server, connection, request, status, NULL);
}

/** A value for the toy. A central that writes more than the window it was told is sent away: its values are lost, and it is told so. */
static esp_gatt_status_t take(const uint8_t *value, uint16_t length) {
  uint8_t head = (uint8_t)length;
  if (length < 1 || length > RADIO_VALUE_BYTES) return ESP_GATT_INVALID_ATTR_LEN;
  if (atomic_load(&state) != SUBSCRIBED) return ESP_GATT_REQ_NOT_SUPPORTED;
  paceMoved(nowMs());
  if (ringPut(&radioReceived, &head, 1, value, length)) return ESP_GATT_OK;
  drop();
  return ESP_GATT_INSUF_RESOURCE;
}

static esp_gatt_status_t subscribe(const uint8_t *value, uint16_t length) {
  if (length != 2) return ESP_GATT_INVALID_ATTR_LEN;
  if (value[0] & 1) {
    if (atomic_load(&state) == LINKED) become(SUBSCRIBED);
  } else if (atomic_load(&state) == SUBSCRIBED) {
    drop(); // a link without a way back is none
  }
  return ESP_GATT_OK;
}

static void written(const struct gatts_write_evt_param *write) {
  esp_gatt_status_t status = ESP_GATT_REQ_NOT_SUPPORTED; // long writes, too: a fragment is one write
  if (!write->is_prep && write->handle == handles[TO_TOY]) status = take(write->value, write->len);
  if (!write->is_prep && write->handle == handles[FROM_TOY_NOTIFIES]) status = subscribe(write->value, write->len);
  if (write->need_rsp) respond(write->trans_id, status);
}

static void readConfiguration(const struct gatts_read_evt_param *read) {
  static esp_gatt_rsp_t response; // 600 bytes, on no task's stack; Bluedroid copies it
  if (read->handle != handles[FROM_TOY_NOTIFIES]) {
    respond(read->trans_id, ESP_GATT_REQ_NOT_SUPPORTED);
    return;
  }
  memset(&response, 0, sizeof(response));
  response.attr_value.handle = read->handle;
  response.attr_value.len = 2;
  response.attr_value.value[0] = atomic_load(&state) == SUBSCRIBED;
  esp_ble_gatts_send_response(server, connection, read->trans_id, ESP_GATT_OK, &response);
}

static void connected(const struct gatts_connect_evt_param *connect) {
  if (atomic_load(&state) != NOBODY) { // one family, one bridge at a time
    esp_bd_addr_t second;
    memcpy(second, connect->remote_bda, sizeof(second));
    esp_ble_gap_disconnect(second);
    return;
  }
  connection = connect->conn_id;
  memcpy(central, connect->remote_bda, sizeof(central));
  linkMtu = 23;
  become(LINKED);
}

static bool isCentrals(uint16_t id) {
  int seen = atomic_load(&state);
  return id == connection && seen != NOBODY && seen != GONE;
}

static void serverEvent(esp_gatts_cb_event_t event, esp_gatt_if_t from, esp_ble_gatts_cb_param_t *told) {
  switch (event) {
  case ESP_GATTS_REG_EVT:
    server = from;
    esp_ble_gatts_create_attr_tab(attributes, from, ATTRIBUTES, 0);
    break;
  case ESP_GATTS_CREAT_ATTR_TAB_EVT:
    if (told->add_attr_tab.status != ESP_GATT_OK || told->add_attr_tab.num_handle != ATTRIBUTES) break;
    memcpy(handles, told->add_attr_tab.handles, sizeof(handles));
    esp_ble_gatts_start_service(handles[SERVICE]);
    break;
  case ESP_GATTS_START_EVT: ready = told->start.status == ESP_GATT_OK; break;
  case ESP_GATTS_CONNECT_EVT: connected(&told->connect); break;
  case ESP_GATTS_DISCONNECT_EVT:
    if (isCentrals(told->disconnect.conn_id)) become(GONE);
    break;
  case ESP_GATTS_MTU_EVT:
    if (isCentrals(told->mtu.conn_id)) linkMtu = told->mtu.mtu < LOCAL_MTU ? told->mtu.mtu : LOCAL_MTU;
    break;
  case ESP_GATTS_WRITE_EVT:
    if (isCentrals(told->write.conn_id)) written(&told->write);
    break;
  case ESP_GATTS_EXEC_WRITE_EVT:
    if (isCentrals(told->exec_write.conn_id)) respond(told->exec_write.trans_id, ESP_GATT_REQ_NOT_SUPPORTED);
    break;
  case ESP_GATTS_READ_EVT:
    if (isCentrals(told->read.conn_id)) readConfiguration(&told->read);
    break;
  case ESP_GATTS_CONF_EVT:
    if (isCentrals(told->conf.conn_id)) confirmed(told->conf.status);
    break;
  case ESP_GATTS_CONGEST_EVT:
    if (!isCentrals(told->congest.conn_id)) break;
    congested = told->congest.congested;
    if (!congested) pump();
    break;
  default: break;
  }
  jshHadEvent();
}

bool radioStart(void) {
  if (server != ESP_GATT_IF_NONE) return true; // the stack outlives JavaScript's own restarts
  return stackStart() && advertiserStart() && esp_ble_gatt_set_local_mtu(LOCAL_MTU) == ESP_OK &&
         esp_ble_gatts_register_callback(serverEvent) == ESP_OK && esp_ble_gatts_app_register(0) == ESP_OK;
}

void radioDisconnect(void) { drop(); }

bool radioIsConnected(void) { return announced && atomic_load(&state) == SUBSCRIBED; }

void radioAdvertise(const uint8_t *data) { advertiserFill(data); }

/** The connection is over: what was in the rings goes with it. Nobody else touches them now. */
static RadioEvent gone(void) {
  RadioEvent event = announced ? RADIO_DISCONNECTED : RADIO_NOTHING;
  announced = false;
  ringClear(&radioReceived);
  ringClear(&radioSending);
  inFlight = congested = false;
  become(NOBODY);
  return event;
}

RadioEvent radioStep(int *mtu) {
  uint32_t waited = nowMs() - since;
  int seen = atomic_load(&state);
  advertiserStep(ready && seen == NOBODY, nowMs());
  if (seen == GONE) return gone();
  if (seen == SUBSCRIBED && !announced) {
    announced = true;
    paceBegin(nowMs());
    *mtu = linkMtu;
    return RADIO_CONNECTED;
  }
  if (seen == SUBSCRIBED) paceStep(central, nowMs());
  if (seen == LINKED && waited >= SUBSCRIBE_WITHIN_MS) drop();
  if (seen == SUBSCRIBED && inFlight && nowMs() - sentAt >= STALLED_MS) drop();
  if (seen == LEAVING && waited >= LEAVE_AGAIN_MS) {
    atomic_store(&since, nowMs());
    esp_ble_gap_disconnect(central);
  }
  pump();
  return RADIO_NOTHING;
}

void radioStop(void) {
  advertiserStop();
  drop();
  // Until the stack has let go, so that the next start finds rings that nobody writes to.
  for (uint32_t from = nowMs(); atomic_load(&state) == LEAVING && nowMs() - from < STOP_WITHIN_MS;) vTaskDelay(pdMS_TO_TICKS(10));
  if (atomic_load(&state) == GONE) gone();
}
