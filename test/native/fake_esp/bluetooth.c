// A central and the stack between it and the toy's server, as Bluedroid behaves where it is hard (bluetooth.h).
#include "bluetooth.h"
#include "check.h"
#include "esp_bt.h"
#include "esp_bt_main.h"
#include "esp_gatt_common_api.h"
#include "esp_gatts_api.h"
#include "esp_random.h"
#include "esp_timer.h"
#include "freertos/task.h"
#include <pthread.h>
#include <stdatomic.h>

enum { HANDED = 1000 }; // an event of the stack's own: a value is to be looked at
enum { SERVER = 3, FIRST_HANDLE = 40, TO_TOY = 42, FROM_TOY = 44, NOTIFIES = 45 };

typedef struct {
  bool isGap;
  int event;
  esp_ble_gatts_cb_param_t told;
  esp_ble_gap_cb_param_t gap;
  uint8_t bytes[600];
} Event;

FakeTrouble fakeTrouble = {.queue = 8};
FakeValue fakeNotified[20000];
size_t fakeNotifiedCount, fakeMostHeld;
atomic_bool fakeAdvertises;
uint8_t fakeAddress[6], fakeAdvertisement[31];
atomic_int fakeLastStatus = -1;

static esp_gatts_cb_t serverCallback;
static esp_gap_ble_cb_t gapCallback;
static Event events[4096];
static size_t first, last;
static FakeValue handed[64]; // to the stack, not yet looked at
static FakeValue held[64];   // by the link, on the way to central 0
static size_t handedCount, heldCount;
static bool connected[FAKE_CENTRALS], isCongested;
static atomic_bool running;
static _Atomic int64_t timeUs;
static uint16_t localMtu, mtus[FAKE_CENTRALS];

// What stands above is the stack's, whoever calls: its own task or the interpreter's. Not held while the toy is called back by that task.
static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int lock(void) { return pthread_mutex_lock(&mutex); }
static void unlock(const int *unused) {
  (void)unused;
  pthread_mutex_unlock(&mutex);
}
#define LOCKED int locked __attribute__((cleanup(unlock), unused)) = lock()

static bool happens(int percent) { return (int)(anyNumber() % 100) < percent; }

static Event *post(int event) {
  CHECK(last - first < 4096);
  Event *posted = &events[last++ % 4096];
  memset(posted, 0, sizeof(*posted));
  posted->event = event;
  return posted;
}

static void postGap(int event, esp_bt_status_t status) {
  Event *posted = post(event);
  posted->isGap = true;
  posted->gap.adv_start_cmpl.status = status;
}

static void setCongested(bool now) {
  if (isCongested == now) return;
  isCongested = now;
  Event *posted = post(ESP_GATTS_CONGEST_EVT);
  posted->told.congest.congested = now;
}

static FakeValue takeOne(FakeValue *from, size_t *count) {
  size_t which = happens(fakeTrouble.reorders) ? anyNumber() % *count : 0;
  FakeValue taken = from[which];
  memmove(from + which, from + which + 1, (--*count - which) * sizeof(*from));
  return taken;
}

/** What the stack does with a value: to the link with it, or not. False if it says nothing of it: there is no connection. */
static bool lookAtValue(esp_ble_gatts_cb_param_t *told) {
  LOCKED;
  if (handedCount == 0 || !connected[0]) return false;
  FakeValue value = takeOne(handed, &handedCount);
  if (happens(fakeTrouble.loses)) {
    told->conf.status = ESP_GATT_INTERNAL_ERROR;
    return true;
  }
  CHECK(heldCount < 64);
  held[heldCount++] = value;
  if (heldCount > fakeMostHeld) fakeMostHeld = heldCount;
  if (heldCount >= (size_t)fakeTrouble.queue) { // taken, and yet the status says congested
    told->conf.status = ESP_GATT_CONGESTED;
    setCongested(true);
  }
  return true;
}

static bool takeEvent(Event *event) {
  LOCKED;
  if (first == last) return false;
  *event = events[first++ % 4096];
  return true;
}

static bool runOne(void) {
  Event event;
  if (!takeEvent(&event)) return false;
  if (event.isGap) {
    gapCallback((esp_gap_ble_cb_event_t)event.event, &event.gap);
    return true;
  }
  if (event.event == HANDED) {
    esp_ble_gatts_cb_param_t told = {.conf = {.handle = FROM_TOY}};
    if (lookAtValue(&told)) serverCallback(ESP_GATTS_CONF_EVT, SERVER, &told);
    return true;
  }
  if (event.event == ESP_GATTS_WRITE_EVT) event.told.write.value = event.bytes;
  uint16_t handles[] = {40, 41, 42, 43, 44, 45};
  if (event.event == ESP_GATTS_CREAT_ATTR_TAB_EVT) event.told.add_attr_tab.handles = handles;
  serverCallback((esp_gatts_cb_event_t)event.event, SERVER, &event.told);
  return true;
}

void fakeRun(void) {
  if (running) return; // Bluedroid's task does not interrupt itself
  running = true;
  while (runOne()) {
  }
  running = false;
}

static void interrupt(void) {
  if (running || !happens(fakeTrouble.interrupts)) return;
  running = true;
  for (unsigned some = 1 + anyNumber() % 4; some > 0 && runOne(); some--) {
  }
  running = false;
}

void fakeCarry(void) {
  LOCKED;
  if (heldCount == 0) return;
  CHECK(fakeNotifiedCount < 20000);
  fakeNotified[fakeNotifiedCount++] = held[0];
  memmove(held, held + 1, --heldCount * sizeof(*held));
  if (heldCount <= (size_t)fakeTrouble.queue / 2) setCongested(false);
}

void fakePass(uint32_t ms) { timeUs += (int64_t)ms * 1000; }

void fakeConnect(int central) {
  LOCKED;
  if (connected[central] || (central == 0 && !fakeAdvertises)) return;
  connected[central] = true;
  mtus[central] = 23;
  if (central == 0) {
    fakeAdvertises = isCongested = false;
    heldCount = handedCount = 0;
  }
  Event *posted = post(ESP_GATTS_CONNECT_EVT);
  posted->told.connect.conn_id = (uint16_t)central;
  posted->told.connect.remote_bda[5] = (uint8_t)(central + 1);
}

static void goneFrom(int central) {
  if (!connected[central]) return;
  connected[central] = false;
  if (central == 0) heldCount = handedCount = 0;
  post(ESP_GATTS_DISCONNECT_EVT)->told.disconnect.conn_id = (uint16_t)central;
}

void fakeLeave(int central) {
  LOCKED;
  goneFrom(central);
}

bool fakeIsConnected(int central) {
  LOCKED;
  return connected[central];
}

void fakeMtu(int central, uint16_t mtu) {
  LOCKED;
  if (!connected[central]) return;
  mtus[central] = mtu < localMtu ? mtu : localMtu;
  Event *posted = post(ESP_GATTS_MTU_EVT);
  posted->told.mtu.conn_id = (uint16_t)central;
  posted->told.mtu.mtu = mtus[central];
}

static void postWrite(int central, uint16_t handle, const uint8_t *bytes, size_t length, bool withResponse, bool isPrepared) {
  LOCKED;
  if (!connected[central]) return;
  Event *posted = post(ESP_GATTS_WRITE_EVT);
  CHECK(length <= sizeof(posted->bytes));
  memcpy(posted->bytes, bytes, length);
  posted->told.write.conn_id = (uint16_t)central;
  posted->told.write.handle = handle;
  posted->told.write.len = (uint16_t)length;
  posted->told.write.need_rsp = withResponse;
  posted->told.write.is_prep = isPrepared;
}

void fakeSubscribe(int central, bool on) { postWrite(central, NOTIFIES, (uint8_t[]){on, 0}, 2, true, false); }

void fakeWrite(int central, const uint8_t *bytes, size_t length, bool withResponse) {
  postWrite(central, TO_TOY, bytes, length, withResponse, false);
}

void fakePrepare(int central, const uint8_t *bytes, size_t length) { postWrite(central, TO_TOY, bytes, length, true, true); }

int64_t esp_timer_get_time(void) { return timeUs; }

void vTaskDelay(TickType_t ticks) {
  timeUs += (int64_t)ticks * 1000;
  fakeRun();
}

void esp_fill_random(void *out, size_t length) {
  for (size_t i = 0; i < length; i++) ((uint8_t *)out)[i] = (uint8_t)(anyNumber() >> 7);
}

int fakeLatency = -1, fakePaces;
static esp_bt_controller_status_t controllerStatus;
static esp_bluedroid_status_t bluedroidStatus;
esp_bt_controller_status_t esp_bt_controller_get_status(void) { return controllerStatus; }
esp_err_t esp_bt_controller_init(esp_bt_controller_config_t *settings) {
  (void)settings;
  controllerStatus = ESP_BT_CONTROLLER_STATUS_INITED;
  return ESP_OK;
}
esp_err_t esp_bt_controller_enable(esp_bt_mode_t mode) {
  CHECK(mode == ESP_BT_MODE_BLE && controllerStatus == ESP_BT_CONTROLLER_STATUS_INITED);
  controllerStatus = ESP_BT_CONTROLLER_STATUS_ENABLED;
  return ESP_OK;
}
esp_bluedroid_status_t esp_bluedroid_get_status(void) { return bluedroidStatus; }
esp_err_t esp_bluedroid_init(void) {
  CHECK(controllerStatus == ESP_BT_CONTROLLER_STATUS_ENABLED);
  bluedroidStatus = ESP_BLUEDROID_STATUS_INITIALIZED;
  return ESP_OK;
}
esp_err_t esp_bluedroid_enable(void) {
  bluedroidStatus = ESP_BLUEDROID_STATUS_ENABLED;
  return ESP_OK;
}
esp_err_t esp_bluedroid_disable(void) {
  CHECK(bluedroidStatus == ESP_BLUEDROID_STATUS_ENABLED);
  bluedroidStatus = ESP_BLUEDROID_STATUS_INITIALIZED;
  return ESP_OK;
}
esp_err_t esp_bt_controller_disable(void) {
  CHECK(controllerStatus == ESP_BT_CONTROLLER_STATUS_ENABLED && bluedroidStatus != ESP_BLUEDROID_STATUS_ENABLED);
  controllerStatus = ESP_BT_CONTROLLER_STATUS_INITED;
  return ESP_OK;
}

esp_err_t esp_ble_gap_register_callback(esp_gap_ble_cb_t callback) {
  gapCallback = callback;
  return ESP_OK;
}

esp_err_t esp_ble_gap_set_rand_addr(esp_bd_addr_t address) {
  LOCKED;
  memcpy(fakeAddress, address, 6);
  postGap(ESP_GAP_BLE_SET_STATIC_RAND_ADDR_EVT, fakeAdvertises ? ESP_BT_STATUS_FAIL : ESP_BT_STATUS_SUCCESS);
  return ESP_OK;
}

esp_err_t esp_ble_gap_config_adv_data_raw(uint8_t *data, uint32_t length) {
  LOCKED;
  CHECK(length == 31);
  memcpy(fakeAdvertisement, data, 31);
  postGap(ESP_GAP_BLE_ADV_DATA_RAW_SET_COMPLETE_EVT, ESP_BT_STATUS_SUCCESS);
  return ESP_OK;
}

esp_err_t esp_ble_gap_start_advertising(esp_ble_adv_params_t *how) {
  LOCKED;
  CHECK(how->own_addr_type == BLE_ADDR_TYPE_RANDOM && how->adv_int_min <= how->adv_int_max);
  bool works = !happens(fakeTrouble.refuses) && !connected[0];
  fakeAdvertises |= works;
  postGap(ESP_GAP_BLE_ADV_START_COMPLETE_EVT, works ? ESP_BT_STATUS_SUCCESS : ESP_BT_STATUS_FAIL);
  return ESP_OK;
}

esp_err_t esp_ble_gap_stop_advertising(void) {
  LOCKED;
  postGap(ESP_GAP_BLE_ADV_STOP_COMPLETE_EVT, fakeAdvertises ? ESP_BT_STATUS_SUCCESS : ESP_BT_STATUS_FAIL);
  fakeAdvertises = false;
  return ESP_OK;
}

esp_err_t esp_ble_gap_update_conn_params(esp_ble_conn_update_params_t *how) {
  LOCKED;
  CHECK(how->bda[5] == 1 && how->min_int <= how->max_int);
  // What keeps a link alive: three times the longest silence is less than the supervision timeout.
  CHECK(how->max_int * 125 * (how->latency + 1) * 3 < how->timeout * 1000);
  fakePaces++;
  if (happens(fakeTrouble.refuses)) return ESP_FAIL;
  fakeLatency = how->latency;
  return ESP_OK;
}

esp_err_t esp_ble_gap_disconnect(esp_bd_addr_t remote) {
  LOCKED;
  CHECK(remote[5] == 1 || remote[5] == 2);
  if (happens(fakeTrouble.refuses)) return ESP_FAIL;
  goneFrom(remote[5] - 1);
  interrupt();
  return ESP_OK;
}

esp_err_t esp_ble_gatt_set_local_mtu(uint16_t mtu) {
  LOCKED;
  localMtu = mtu;
  return ESP_OK;
}

esp_err_t esp_ble_gatts_register_callback(esp_gatts_cb_t callback) {
  serverCallback = callback;
  return ESP_OK;
}

esp_err_t esp_ble_gatts_app_register(uint16_t app) {
  LOCKED;
  post(ESP_GATTS_REG_EVT)->told.reg.app_id = app;
  return ESP_OK;
}

esp_err_t esp_ble_gatts_create_attr_tab(const esp_gatts_attr_db_t *attributes, esp_gatt_if_t server, uint8_t count, uint8_t instance) {
  LOCKED;
  static const uint8_t service[] = {0xfb, 0x34, 0x9b, 0x5f, 0x80, 0, 0, 0x80, 1, 0x74, 0x73, 0x6f, 0x70, 0x77, 0x61, 0x50};
  CHECK(server == SERVER && count == 6 && instance == 0);
  CHECK(attributes[0].att_desc.length == 16 && memcmp(attributes[0].att_desc.value, service, 16) == 0);
  CHECK(*attributes[1].att_desc.value == ESP_GATT_CHAR_PROP_BIT_WRITE_NR && *attributes[3].att_desc.value == ESP_GATT_CHAR_PROP_BIT_NOTIFY);
  CHECK(attributes[2].att_desc.uuid_length == 2 && *(uint16_t *)attributes[2].att_desc.uuid_p == 0xB0A1);
  CHECK(attributes[4].att_desc.uuid_length == 2 && *(uint16_t *)attributes[4].att_desc.uuid_p == 0xB0A2);
  post(ESP_GATTS_CREAT_ATTR_TAB_EVT)->told.add_attr_tab.num_handle = count;
  return ESP_OK;
}

esp_err_t esp_ble_gatts_start_service(uint16_t service) {
  LOCKED;
  CHECK(service == FIRST_HANDLE);
  post(ESP_GATTS_START_EVT);
  return ESP_OK;
}

esp_err_t esp_ble_gatts_send_indicate(
  esp_gatt_if_t server, uint16_t connection, uint16_t handle, uint16_t length, uint8_t *value, bool confirm) {
  LOCKED;
  CHECK(server == SERVER && handle == FROM_TOY && !confirm && connection == 0);
  if (!connected[0]) return ESP_ERR_INVALID_STATE;
  CHECK(length >= 1 && length <= mtus[0] - 3); // longer, and the stack would cut it
  if (isCongested || happens(fakeTrouble.refuses)) return ESP_FAIL;
  CHECK(handedCount < 64);
  memcpy(handed[handedCount].bytes, value, length);
  handed[handedCount++].length = length;
  post(HANDED);
  interrupt();
  return ESP_OK;
}

esp_err_t esp_ble_gatts_send_response(
  esp_gatt_if_t server, uint16_t connection, uint32_t request, esp_gatt_status_t status, esp_gatt_rsp_t *response) {
  (void)request, (void)response;
  CHECK(server == SERVER && connection == 0);
  fakeLastStatus = (int)status;
  return ESP_OK;
}
