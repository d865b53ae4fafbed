// Sleep of an ESP32: light sleep by ESP-IDF's power management, deep sleep by what wakes each chip. Not tried on one.
// Espruino's files are compiled with gpio_isr_register renamed to pawInterrupts (boards/pawpost.py): see `interrupted`.
#undef gpio_isr_register
#include "power_port.h"
#include "driver/gpio.h"
#include "driver/rtc_io.h"
#include "esp_attr.h"
#include "esp_pm.h"
#include "esp_sleep.h"
#include "esp_system.h"
#include "hal/gpio_ll.h"
#include "stack_esp32.h"
#include "toy_pins_esp32.h"
#include <sys/time.h>

#if defined(CONFIG_IDF_TARGET_ESP32)
typedef esp_pm_config_esp32_t Plan;
#define FULL_MHZ 240
#define DOZES false // Bluetooth needs its main crystal, which light sleep stops (ESP-IDF 4.4, BTDM_CTRL_LOW_POWER_CLOCK); no board has another
#elif defined(CONFIG_IDF_TARGET_ESP32S3)
typedef esp_pm_config_esp32s3_t Plan;
#define FULL_MHZ 240
#define DOZES true
#else
typedef esp_pm_config_esp32c3_t Plan;
#define FULL_MHZ 160
#define DOZES true
#endif
// Not lower: at 80 MHz the clock of the peripherals stays what it is, and with it the console's speed.
#define IDLE_MHZ 80

static RTC_DATA_ATTR PowerMemory memory; // zeros after every start but one from deep sleep
PowerMemory *const powerMemory = &memory;

static esp_pm_lock_handle_t awake;
static void (*espruinos)(void *);
static volatile bool isArmed;         // the paw wakes the chip from light sleep
static volatile gpio_int_type_t wait; // by this level

/** The other level than the paw's. */
static IRAM_ATTR gpio_int_type_t otherLevel(void) { return gpio_ll_get_level(&GPIO, PAW_PIN) ? GPIO_INTR_LOW_LEVEL : GPIO_INTR_HIGH_LEVEL; }

/** Light sleep is ended by levels only, and a level interrupts for as long as it stays: so the next one to wait for is always the other. */
static void IRAM_ATTR interrupted(void *unused) {
  if (isArmed) gpio_ll_set_intr_type(&GPIO, PAW_PIN, otherLevel());
  espruinos(unused);
}

/** In the place of gpio_isr_register, for Espruino's one handler of all pins. */
esp_err_t pawInterrupts(void (*handler)(void *), void *unused, int flags, gpio_isr_handle_t *handle) {
  espruinos = handler;
  return gpio_isr_register(interrupted, unused, flags, handle);
}

static void plan(void) {
  static const Plan how = {.max_freq_mhz = FULL_MHZ, .min_freq_mhz = IDLE_MHZ, .light_sleep_enable = DOZES};
  if (awake || esp_pm_lock_create(ESP_PM_NO_LIGHT_SLEEP, 0, "pawpost", &awake) != ESP_OK) return;
  esp_pm_lock_acquire(awake);
  gpio_sleep_sel_dis(HEART_PIN); // else its light goes out in light sleep
  esp_sleep_enable_gpio_wakeup();
  esp_pm_configure(&how);
}

PowerStart powerStart(void) {
  // What deep sleep held is let go.
  gpio_deep_sleep_hold_dis();
  gpio_hold_dis(HEART_PIN);
#ifdef CONFIG_IDF_TARGET_ESP32C3
  gpio_hold_dis(PAW_PIN); // ESP-IDF holds what wakes the chip
#else
  rtc_gpio_deinit(PAW_PIN); // a digital pin again
#endif
  plan();
  switch (esp_sleep_get_wakeup_cause()) {
  case ESP_SLEEP_WAKEUP_TIMER: return START_TIME;
  case ESP_SLEEP_WAKEUP_EXT0:
  case ESP_SLEEP_WAKEUP_GPIO: return START_PAW;
  default: return esp_reset_reason() == ESP_RST_POWERON ? START_POWER : START_OTHER;
  }
}

int64_t powerNowUs(void) {
  struct timeval now;
  gettimeofday(&now, NULL); // by the clock that runs in deep sleep; nobody sets it
  return now.tv_sec * 1000000ll + now.tv_usec;
}

void powerLight(bool isLit) {
  gpio_set_direction(HEART_PIN, GPIO_MODE_OUTPUT);
  gpio_set_level(HEART_PIN, isLit ? HEART_ACTIVE : !HEART_ACTIVE);
}

void powerMayDoze(bool mayDoze) {
  if (!awake || !DOZES) return;
  gpio_int_type_t next = otherLevel();
  if (mayDoze && (!isArmed || wait != next)) {
    wait = next;
    gpio_wakeup_enable(PAW_PIN, next);
    if (!isArmed) esp_pm_lock_release(awake);
    isArmed = true;
  } else if (!mayDoze && isArmed) {
    esp_pm_lock_acquire(awake);
    isArmed = false;
    gpio_wakeup_disable(PAW_PIN);
    gpio_set_intr_type(PAW_PIN, GPIO_INTR_ANYEDGE); // as Espruino had it
  }
}

void powerDown(uint32_t seconds) {
  powerMayDoze(false);
  stackStop();
  powerLight(false);
  gpio_hold_en(HEART_PIN);
  gpio_deep_sleep_hold_en();
  esp_sleep_disable_wakeup_source(ESP_SLEEP_WAKEUP_ALL);
  esp_sleep_enable_timer_wakeup(seconds * 1000000ull);
#ifdef CONFIG_IDF_TARGET_ESP32C3
  esp_deep_sleep_enable_gpio_wakeup(1ull << PAW_PIN, PAW_ACTIVE ? ESP_GPIO_WAKEUP_GPIO_HIGH : ESP_GPIO_WAKEUP_GPIO_LOW);
#else
  // Waking by EXT0 keeps these resistors in power. Pins 34-39 of an ESP32 have none, and their boards have one outside.
  if (PAW_ACTIVE) {
    rtc_gpio_pullup_dis(PAW_PIN);
    rtc_gpio_pulldown_en(PAW_PIN);
  } else {
    rtc_gpio_pulldown_dis(PAW_PIN);
    rtc_gpio_pullup_en(PAW_PIN);
  }
  esp_sleep_enable_ext0_wakeup(PAW_PIN, PAW_ACTIVE);
#endif
  esp_deep_sleep_start();
}
