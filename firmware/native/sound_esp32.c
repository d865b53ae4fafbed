// The I2S of an ESP32: a microphone or a speaker, and both at once for the factory test alone. For the voice's task.
#include "sound_esp32.h"
#include "driver/gpio.h"
#include "driver/i2s.h"
#include "esp_attr.h"
#include "esp_timer.h"
#include "sound_pins_esp32.h"
#include "voice.h"
#include <string.h>

#define PORT I2S_NUM_0 // the only one on a C3, and the only one with PDM elsewhere
// Where the speaker is while both are at work: beside the microphone on its port, or on the next.
#define SPEAKING ((i2s_port_t)(PORT + (HEARS_ITSELF == 2)))
#define DMA_CHUNKS 12  // 120 ms: an encoder's 60 ms packet and a page of flash being written fit in between
#define DMA_CHUNKS_BOTH 4 // two directions, and nothing else to do meanwhile
#define WAIT pdMS_TO_TICKS(200)
// An INMP441 is awake 2^18 clocks after its power came on, and 2^14 after its clock stood still (its datasheet, "Power management"); 64 clocks a
// sample. Of the other boards' microphones the second is not known to us.
#define CLOCKS_US(clocks) ((clocks) * 1000000ll / (64 * VOICE_RATE))
#define AWAKE_US CLOCKS_US(262144)
#if MICROPHONE_IS_PDM || defined(PAWPOST_BOARD_T_CIRCLE_S3)
#define RESUMES_US AWAKE_US
#else
#define RESUMES_US CLOCKS_US(16384)
#endif

typedef enum { CLOSED, MICROPHONE, SPEAKER, BOTH } Use;

static Use use;
static int64_t clockedSince; // us: since when the microphone has its clock
// It has been awake since its power came on: in deep sleep it keeps that, as this does; any other start forgets.
static RTC_DATA_ATTR bool wasAwake;

static bool install(i2s_port_t port, bool isIn, bool isOut, int chunks) {
  static const int microphone[] = {MICROPHONE_PINS}, amplifier[] = {AMPLIFIER_PINS};
  bool isPdm = isIn && MICROPHONE_IS_PDM, isWide = isIn && !isPdm;
  const int *pins = isIn ? microphone : amplifier;
  i2s_config_t how = {
    .mode = (i2s_mode_t)(I2S_MODE_MASTER | (isIn ? I2S_MODE_RX : 0) | (isOut ? I2S_MODE_TX : 0) | (isPdm ? I2S_MODE_PDM : 0)),
    .sample_rate = VOICE_RATE,
    .bits_per_sample = isWide ? I2S_BITS_PER_SAMPLE_32BIT : I2S_BITS_PER_SAMPLE_16BIT,
    // An I2S microphone speaks on the left. Else both sides: a lone side of 16 bits comes in swapped pairs on the first ESP32.
    .channel_format = isWide && !isOut ? I2S_CHANNEL_FMT_ONLY_LEFT : I2S_CHANNEL_FMT_RIGHT_LEFT,
    .communication_format = I2S_COMM_FORMAT_STAND_I2S,
    .dma_buf_count = chunks,
    .dma_buf_len = SOUND_CHUNK,
    .tx_desc_auto_clear = true, // a speaker that is given nothing is silent
  };
  // PDM has a clock and no word select; the driver calls that wire WS.
  i2s_pin_config_t wires = {
    .mck_io_num = I2S_PIN_NO_CHANGE,
    .bck_io_num = isPdm ? I2S_PIN_NO_CHANGE : pins[0],
    .ws_io_num = isPdm ? pins[0] : pins[1],
    .data_out_num = isOut ? amplifier[2] : I2S_PIN_NO_CHANGE,
    .data_in_num = isIn ? microphone[2] : I2S_PIN_NO_CHANGE,
  };
  if (isIn) clockedSince = esp_timer_get_time();
  if (i2s_driver_install(port, &how, 0, NULL) != ESP_OK) return false;
  if (i2s_set_pin(port, &wires) == ESP_OK) return true;
  i2s_driver_uninstall(port);
  return false;
}

static void release(void) {
  if (use == MICROPHONE && esp_timer_get_time() - clockedSince >= AWAKE_US) wasAwake = true;
  if (use == BOTH && SPEAKING != PORT) i2s_driver_uninstall(SPEAKING);
  if (use != CLOSED) i2s_driver_uninstall(PORT);
  use = CLOSED;
}

static bool open(Use next) {
  if (use == next) return true;
  release();
  if (next != BOTH) {
    if (!install(PORT, next == MICROPHONE, next == SPEAKER, DMA_CHUNKS)) return false;
  } else {
    if (HEARS_ITSELF == 0 || !install(PORT, true, HEARS_ITSELF == 1, DMA_CHUNKS_BOTH)) return false;
    if (HEARS_ITSELF == 2 && !install(SPEAKING, false, true, DMA_CHUNKS_BOTH)) {
      i2s_driver_uninstall(PORT);
      return false;
    }
  }
  use = next;
  return true;
}

void soundRead(int32_t *words) {
  size_t got = 0, bytes = SOUND_CHUNK * sizeof(*words);
  if (i2s_read(PORT, words, bytes, &got, WAIT) != ESP_OK) got = 0;
  memset((uint8_t *)words + got, 0, bytes - got);
#if MICROPHONE_IS_PDM
  // Two samples of 16 bits in each word. The microphone is one of them; the other side is still, and the high-pass takes it away.
  for (int i = 0; i < SOUND_CHUNK; i++) words[i] = ((int16_t)words[i] + (words[i] >> 16)) * 32768;
#endif
}

bool soundListen(void) {
  int32_t words[SOUND_CHUNK];
  size_t got;
  if (!open(MICROPHONE)) return false;
  // The clock runs on for a minute after a recording (power.c), so that a child's next word finds the microphone awake. What was heard
  // meanwhile is nobody's.
  for (int i = 0; i < DMA_CHUNKS; i++) i2s_read(PORT, words, sizeof(words), &got, 0);
  while (esp_timer_get_time() - clockedSince < (wasAwake ? RESUMES_US : AWAKE_US)) soundRead(words);
  return true;
}

static void amplifier(bool isAwake) {
  if (AMPLIFIER_ENABLE < 0) return;
  gpio_set_direction((gpio_num_t)AMPLIFIER_ENABLE, GPIO_MODE_OUTPUT);
  gpio_set_level((gpio_num_t)AMPLIFIER_ENABLE, isAwake);
}

bool soundSpeak(void) {
  if (!open(SPEAKER)) return false;
  amplifier(true);
  return true;
}

void soundWrite(const int16_t *samples, int count) {
  int16_t both[2 * SOUND_CHUNK];
  size_t written;
  for (int i = 0; i < count; i++) both[2 * i] = both[2 * i + 1] = samples[i];
  i2s_write(use == BOTH ? SPEAKING : PORT, both, (size_t)count * 2 * sizeof(*both), &written, WAIT);
}

bool soundBoth(void) {
  static const int16_t silence[SOUND_CHUNK];
  int32_t words[SOUND_CHUNK];
  if (!open(BOTH)) return false;
  amplifier(true);
  while (esp_timer_get_time() - clockedSince < AWAKE_US) soundExchange(silence, words);
  return true;
}

void soundExchange(const int16_t *samples, int32_t *words) {
#if HEARS_ITSELF == 1
  // Both sides, either way: what the microphone says is on one of them, and on the other its wire is still.
  int32_t both[2 * SOUND_CHUNK];
  size_t moved = 0;
  for (int i = 0; i < SOUND_CHUNK; i++) both[2 * i] = both[2 * i + 1] = samples[i] * 65536;
  i2s_write(PORT, both, sizeof(both), &moved, WAIT);
  if (i2s_read(PORT, both, sizeof(both), &moved, WAIT) != ESP_OK) moved = 0;
  memset((uint8_t *)both + moved, 0, sizeof(both) - moved);
  for (int i = 0; i < SOUND_CHUNK; i++) {
    int64_t sum = (int64_t)both[2 * i] + both[2 * i + 1];
    words[i] = sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (int32_t)sum;
  }
#else
  soundWrite(samples, SOUND_CHUNK);
  soundRead(words);
#endif
}

void soundRest(void) {
  if (use == SPEAKER || use == BOTH) amplifier(false);
  release();
}

void soundHush(bool atOnce) {
  static const int16_t silence[SOUND_CHUNK];
  if (use == BOTH) amplifier(false);
  if (use == SPEAKER) {
    // When as many silent chunks have found room as there is room for, the last sample has been heard.
    for (int i = 0; !atOnce && i < DMA_CHUNKS; i++) soundWrite(silence, SOUND_CHUNK);
    amplifier(false);
  }
  open(MICROPHONE);
}
