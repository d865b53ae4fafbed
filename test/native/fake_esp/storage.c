// NVS with no more than it promises (storage.h).
#include "storage.h"
#include "check.h"
#include "nvs.h"
#include "nvs_flash.h"

typedef struct {
  char key[16];
  uint8_t bytes[1024];
  size_t length;
} Pair;

int fakeCutAfter, fakeOperations;
FakeCut fakeCut;
jmp_buf fakePowerOff;
bool fakeIsFull, fakeIsMissing, fakeErasesNothing, fakeCommitsNothing;

static Pair pairs[4];
static size_t count;

static Pair *named(const char *key) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(pairs[i].key, key) == 0) return &pairs[i];
  return NULL;
}

static void erase(const char *key) {
  Pair *pair = named(key);
  if (pair) *pair = pairs[--count];
}

static void put(const char *key, const void *value, size_t length) {
  Pair *pair = named(key);
  if (!pair) pair = &pairs[count++];
  CHECK(count <= 4 && length <= sizeof(pair->bytes));
  strcpy(pair->key, key);
  memcpy(pair->bytes, value, length);
  pair->length = length;
}

bool fakeIsCut(void) { return ++fakeOperations == fakeCutAfter; }

size_t fakePairs(void) { return count; }

bool fakeHolds(const void *bytes, size_t length) {
  for (size_t i = 0; i < count; i++)
    if (memmem(pairs[i].bytes, pairs[i].length, bytes, length)) return true;
  return false;
}

void fakeSpoil(void) {
  for (size_t i = 0; i < count; i++) pairs[i].bytes[100] ^= 1;
}

void fakeErase(void) { count = 0; }

esp_err_t nvs_flash_init_partition(const char *partition) {
  CHECK(strcmp(partition, "pawkeys") == 0);
  return fakeIsMissing ? ESP_FAIL : ESP_OK;
}

esp_err_t nvs_open_from_partition(const char *partition, const char *space, nvs_open_mode_t mode, nvs_handle_t *handle) {
  CHECK(strcmp(partition, "pawkeys") == 0 && strlen(space) <= 15 && mode == NVS_READWRITE);
  *handle = 1;
  return ESP_OK;
}

esp_err_t nvs_get_blob(nvs_handle_t handle, const char *key, void *out, size_t *length) {
  CHECK(handle == 1 && strlen(key) <= 15);
  Pair *pair = named(key);
  if (!pair) return ESP_ERR_NVS_NOT_FOUND;
  if (pair->length > *length) return ESP_FAIL;
  memcpy(out, pair->bytes, pair->length);
  *length = pair->length;
  return ESP_OK;
}

esp_err_t nvs_set_blob(nvs_handle_t handle, const char *key, const void *value, size_t length) {
  CHECK(handle == 1 && strlen(key) <= 15);
  if (fakeIsFull) return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
  if (!fakeIsCut()) {
    put(key, value, length);
    return ESP_OK;
  }
  if (fakeCut == CUT_LOSES) erase(key);
  if (fakeCut == CUT_KEEPS_NEW) put(key, value, length);
  if (fakeCut == CUT_TEARS) {
    put(key, value, length);
    memset(named(key)->bytes + length / 2, 0xff, length - length / 2);
  }
  longjmp(fakePowerOff, 1);
}

esp_err_t nvs_erase_key(nvs_handle_t handle, const char *key) {
  CHECK(handle == 1);
  if (!named(key)) return ESP_ERR_NVS_NOT_FOUND;
  if (fakeErasesNothing) return ESP_FAIL;
  if (!fakeIsCut()) {
    erase(key);
    return ESP_OK;
  }
  if (fakeCut == CUT_LOSES || fakeCut == CUT_KEEPS_NEW) erase(key);
  if (fakeCut == CUT_TEARS) memset(named(key)->bytes, 0, named(key)->length / 2);
  longjmp(fakePowerOff, 1);
}

esp_err_t nvs_commit(nvs_handle_t handle) {
  CHECK(handle == 1);
  return fakeCommitsNothing ? ESP_FAIL : ESP_OK;
}

void nvs_close(nvs_handle_t handle) { CHECK(handle == 1); }
