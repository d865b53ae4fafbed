// How often the two ends of a link meet on an ESP32. The central may refuse: then all stays as it is.
#include "pace_esp32.h"
#include "esp_gap_ble_api.h"
#include <stdatomic.h>
#include <string.h>

#define RESTS_AFTER_MS 10000
#define AGAIN_MS 1000 // after a stack that has refused
// Of 1.25 ms: the bridge's own 15-30 ms (protocol/README.md section 2). 30 of 31 events may be missed; three times that, 2.8 s, is less than the
// supervision timeout of 4 s. The same numbers are within what phones take.
#define LEAST 12
#define MOST 24
#define MISSED 30
#define TIMEOUT 400 // of 10 ms

static atomic_uint movedAt;
static uint32_t askedAt;
static bool isResting;

void paceBegin(uint32_t nowMs) {
  atomic_store(&movedAt, nowMs);
  askedAt = nowMs - AGAIN_MS;
  isResting = false;
}

void paceMoved(uint32_t nowMs) { atomic_store(&movedAt, nowMs); }

void paceStep(const uint8_t *central, uint32_t nowMs) {
  bool rests = nowMs - atomic_load(&movedAt) >= RESTS_AFTER_MS;
  if (rests == isResting || nowMs - askedAt < AGAIN_MS) return;
  esp_ble_conn_update_params_t how = {.min_int = LEAST, .max_int = MOST, .latency = rests ? MISSED : 0, .timeout = TIMEOUT};
  memcpy(how.bda, central, sizeof(how.bda));
  askedAt = nowMs;
  if (esp_ble_gap_update_conn_params(&how) == ESP_OK) isResting = rests;
}
