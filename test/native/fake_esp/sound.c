// I2S ports with a room before the microphone and an ear at the speaker, and FreeRTOS's tasks as threads (sound.h).
#include "sound.h"
#include "check.h"
#include "driver/gpio.h"
#include "driver/i2s.h"
#include "esp_timer.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "sound_pins_esp32.h"
#include <pthread.h>
#include <time.h>
#include <unistd.h>

int32_t (*fakeRoom)(long index);
atomic_long fakeMicrophoneSamples, fakeFirstTaken = -1, fakeHeardCount;
int16_t fakeHeard[64 * 16000];
atomic_bool fakeIsBroken, fakeIsStale;
atomic_int fakeInstalls;
atomic_int fakeAmplifier = -1;

#define PORTS (HEARS_ITSELF == 2 ? 2 : 1) // a C3 has one

static i2s_config_t drivers[2]; // mode 0: none is installed
static atomic_long samplesPassed;
static int staleChunks;

static bool hearsAndSpeaks(void) {
  unsigned modes = 0;
  for (int i = 0; i < 2; i++) modes |= drivers[i].mode;
  return (modes & I2S_MODE_RX) && (modes & I2S_MODE_TX);
}

/** 100 ms, or 40 where nothing else is to be done. */
static void checkDma(i2s_port_t port) { CHECK(drivers[port].dma_buf_count * drivers[port].dma_buf_len >= (hearsAndSpeaks() ? 640 : 1600)); }

void fakeUntil(bool (*isSo)(void)) {
  for (int i = 0; i < 100000; i++) {
    if (isSo()) return;
    usleep(100);
  }
  CHECK(!"waited in vain");
}

void fakeIdle(long samples) {
  samplesPassed += samples;
  fakeMicrophoneSamples += samples;
  fakeIsStale = true;
}

int64_t esp_timer_get_time(void) { return samplesPassed * 1000000 / 16000; }

esp_err_t gpio_set_direction(gpio_num_t pin, gpio_mode_t mode) {
  CHECK(pin == AMPLIFIER_ENABLE && mode == GPIO_MODE_OUTPUT);
  return ESP_OK;
}

esp_err_t gpio_set_level(gpio_num_t pin, uint32_t level) {
  CHECK(pin == AMPLIFIER_ENABLE);
  fakeAmplifier = (int)level;
  return ESP_OK;
}

esp_err_t i2s_driver_install(i2s_port_t port, const i2s_config_t *how, int queueLength, void *queue) {
  CHECK(port >= 0 && port < PORTS && queueLength == 0 && queue == NULL);
  if (fakeIsBroken) return ESP_FAIL;
  bool isIn = how->mode & I2S_MODE_RX, isOut = how->mode & I2S_MODE_TX, isPdm = how->mode & I2S_MODE_PDM;
  CHECK(drivers[port].mode == 0); // never two drivers on one port
  for (int i = 0; i < PORTS; i++) CHECK(!(drivers[i].mode & how->mode & (I2S_MODE_RX | I2S_MODE_TX))); // nor one way twice
  drivers[port] = *how;
  int sides = how->channel_format == I2S_CHANNEL_FMT_ONLY_LEFT ? 1 : 2;
  CHECK(how->sample_rate == 16000);
  CHECK(how->dma_buf_len * sides * how->bits_per_sample / 8 <= 4092);
  CHECK(isIn || isOut);
  CHECK(!(isIn && isOut) || (HEARS_ITSELF == 1 && sides == 2 && how->bits_per_sample == 32)); // an amplifier wants both sides
  CHECK(isPdm == (MICROPHONE_IS_PDM && isIn));
  if (isIn) {
    fakeMicrophoneSamples = 0;
    staleChunks = 0;
  }
  fakeInstalls++;
  return ESP_OK;
}

esp_err_t i2s_driver_uninstall(i2s_port_t port) {
  CHECK(port >= 0 && port < PORTS && drivers[port].mode != 0);
  drivers[port].mode = 0;
  return ESP_OK;
}

esp_err_t i2s_set_pin(i2s_port_t port, const i2s_pin_config_t *wires) {
  static const int in[] = {MICROPHONE_PINS}, out[] = {AMPLIFIER_PINS};
  bool isIn = drivers[port].mode & I2S_MODE_RX, isOut = drivers[port].mode & I2S_MODE_TX;
  CHECK(drivers[port].mode != 0 && wires->mck_io_num == -1);
  const int *clocks = isIn ? in : out;
  CHECK(!(isIn && isOut) || (in[0] == out[0] && in[1] == out[1]));
  if (isIn && MICROPHONE_IS_PDM) CHECK(wires->bck_io_num == -1 && wires->ws_io_num == in[0]);
  else CHECK(wires->bck_io_num == clocks[0] && wires->ws_io_num == clocks[1]);
  CHECK(wires->data_in_num == (isIn ? in[2] : -1) && wires->data_out_num == (isOut ? out[2] : -1));
  return ESP_OK;
}

esp_err_t i2s_read(i2s_port_t port, void *out, size_t size, size_t *got, TickType_t wait) {
  bool isBoth = drivers[port].mode & I2S_MODE_TX;
  CHECK((drivers[port].mode & I2S_MODE_RX) && size == (isBoth ? 320 : 160) * 4);
  checkDma(port);
  int32_t *words = out;
  if (wait == 0) { // what waits from before
    if (fakeIsStale) staleChunks = drivers[port].dma_buf_count;
    fakeIsStale = false;
    *got = staleChunks > 0 ? size : 0;
    if (staleChunks-- > 0) memset(out, 0x55, size);
    return ESP_OK;
  }
  if (fakeIsStale) CHECK(!"the past was recorded");
  if (fakeMicrophoneSamples * 64 >= 262144 && fakeFirstTaken < 0) fakeFirstTaken = fakeMicrophoneSamples;
  for (int i = 0; i < 160; i++) {
    int32_t sample = fakeRoom(fakeMicrophoneSamples++);
    if (isBoth) {
      words[2 * i] = sample * 256;
      words[2 * i + 1] = 0;
    } else words[i] = MICROPHONE_IS_PDM ? (int32_t)((uint32_t)(sample >> 8) & 0xffff) | (int32_t)((uint32_t)(sample >> 8) << 16) : sample * 256;
    samplesPassed++;
  }
  *got = size;
  usleep(50);
  return ESP_OK;
}

esp_err_t i2s_write(i2s_port_t port, const void *bytes, size_t size, size_t *written, TickType_t wait) {
  CHECK((drivers[port].mode & I2S_MODE_TX) && wait > 0);
  checkDma(port);
  const int16_t *both = bytes;
  const int32_t *wide = bytes;
  bool isWide = drivers[port].bits_per_sample == 32;
  for (size_t i = 0; i < size / (isWide ? 8 : 4); i++) {
    CHECK(fakeHeardCount < 64 * 16000 && (isWide ? wide[2 * i] == wide[2 * i + 1] : both[2 * i] == both[2 * i + 1]));
    fakeHeard[fakeHeardCount++] = isWide ? (int16_t)(wide[2 * i] >> 16) : both[2 * i];
    if (!hearsAndSpeaks()) samplesPassed++; // else they pass as they are heard
  }
  *written = size;
  usleep(50);
  return ESP_OK;
}

struct FakeSemaphore {
  pthread_mutex_t mutex;
  pthread_cond_t given;
  bool isThere;
};

SemaphoreHandle_t xSemaphoreCreateBinary(void) {
  SemaphoreHandle_t made = calloc(1, sizeof(*made));
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->given, NULL);
  return made;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks) {
  CHECK(ticks == portMAX_DELAY);
  pthread_mutex_lock(&semaphore->mutex);
  while (!semaphore->isThere) pthread_cond_wait(&semaphore->given, &semaphore->mutex);
  semaphore->isThere = false;
  pthread_mutex_unlock(&semaphore->mutex);
  return pdTRUE;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore) {
  pthread_mutex_lock(&semaphore->mutex);
  semaphore->isThere = true;
  pthread_cond_signal(&semaphore->given);
  pthread_mutex_unlock(&semaphore->mutex);
  return pdTRUE;
}

static void (*threadWork)(void *);
static void *thread(void *argument) {
  threadWork(argument);
  return NULL;
}

BaseType_t xTaskCreate(void (*work)(void *), const char *name, uint32_t stackBytes, void *argument, UBaseType_t priority, TaskHandle_t *task) {
  static pthread_t made;
  CHECK(name[0] && stackBytes == 32768 && priority == 6);
  threadWork = work;
  CHECK(pthread_create(&made, NULL, thread, argument) == 0);
  *task = &made;
  return pdPASS;
}

void vTaskDelay(TickType_t ticks) { usleep(ticks * 10); }
