// A chip that sleeps (sleep.h).
#include "sleep.h"
#include "check.h"
#include "driver/rtc_io.h"
#include "esp_pm.h"
#include "hal/gpio_ll.h"
#include "plush_port.h"
#include "power_port.h"
#include "stack_esp32.h"
#include "toy_pins_esp32.h"
#include <setjmp.h>
#include <sys/time.h>

int64_t fakeNowUs = 1000000;
bool fakeIsDoze, fakePawWakes, fakeHeartIsHeld, fakeMicrophone, fakeMicrophoneIsBroken, fakeStackIsOn = true;
gpio_int_type_t fakePawInterrupt = GPIO_INTR_ANYEDGE;
int fakePawLevel = !PAW_ACTIVE, fakeHeart = -1;
int fakeMicrophoneWakes, fakeMicrophoneRests;
int fakeSleepS, fakeWakePin, fakeWakeLevel, fakePull;
gpio_dev_t GPIO;

static esp_sleep_wakeup_cause_t cause;
static esp_reset_reason_t reason;
static bool isPlanned, gpioWakes, digitalHold;
static int locks;
static void (*handler)(void *);
static jmp_buf deep;

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  now->tv_sec = (time_t)(fakeNowUs / 1000000);
  now->tv_usec = (suseconds_t)(fakeNowUs % 1000000);
  return 0;
}

static void reckon(void) { fakeIsDoze = isPlanned && locks == 0; }

bool fakeSleeps(void (*action)(void)) {
  fakeSleepS = fakeWakePin = fakeWakeLevel = fakePull = -1;
  if (setjmp(deep)) return true;
  action();
  return false;
}

void fakeStart(esp_sleep_wakeup_cause_t newCause, esp_reset_reason_t newReason) {
  cause = newCause;
  reason = newReason;
  fakeStackIsOn = true;
  if (reason != ESP_RST_DEEPSLEEP) memset(powerMemory, 0, sizeof(*powerMemory));
}

int fakePaw(int level, int most) {
  bool changed = level != fakePawLevel;
  int times = 0;
  fakePawLevel = level;
  if (changed && fakePawInterrupt == GPIO_INTR_ANYEDGE) {
    handler(NULL);
    return 1;
  }
  while (times < most && fakePawInterrupt == (fakePawLevel ? GPIO_INTR_HIGH_LEVEL : GPIO_INTR_LOW_LEVEL)) {
    times++;
    handler(NULL);
  }
  return times;
}

esp_sleep_wakeup_cause_t esp_sleep_get_wakeup_cause(void) { return cause; }
esp_reset_reason_t esp_reset_reason(void) { return reason; }

esp_err_t esp_pm_configure(const void *how) {
  const esp_pm_config_esp32c3_t *plan = how;
  CHECK(plan->max_freq_mhz >= 160 && plan->min_freq_mhz == 80); // the peripherals' clock stays
  isPlanned = plan->light_sleep_enable;
  reckon();
  return ESP_OK;
}
esp_err_t esp_pm_lock_create(esp_pm_lock_type_t type, int argument, const char *name, esp_pm_lock_handle_t *lock) {
  CHECK(type == ESP_PM_NO_LIGHT_SLEEP && argument == 0 && name[0]);
  *lock = (esp_pm_lock_handle_t)&locks;
  return ESP_OK;
}
esp_err_t esp_pm_lock_acquire(esp_pm_lock_handle_t lock) {
  CHECK(lock && ++locks == 1);
  reckon();
  return ESP_OK;
}
esp_err_t esp_pm_lock_release(esp_pm_lock_handle_t lock) {
  CHECK(lock && --locks == 0 && gpioWakes && fakePawWakes); // never asleep without a way to wake
  reckon();
  return ESP_OK;
}

esp_err_t gpio_set_direction(gpio_num_t pin, gpio_mode_t mode) {
  CHECK(pin == HEART_PIN && mode == GPIO_MODE_OUTPUT);
  return ESP_OK;
}
esp_err_t gpio_set_level(gpio_num_t pin, uint32_t level) {
  CHECK(pin == HEART_PIN && !fakeHeartIsHeld);
  fakeHeart = (int)level;
  return ESP_OK;
}
void gpio_ll_set_intr_type(gpio_dev_t *hardware, gpio_num_t pin, gpio_int_type_t type) {
  CHECK(hardware == &GPIO && pin == PAW_PIN);
  fakePawInterrupt = type;
}
int gpio_ll_get_level(gpio_dev_t *hardware, gpio_num_t pin) {
  CHECK(hardware == &GPIO && pin == PAW_PIN);
  return fakePawLevel;
}
esp_err_t gpio_set_intr_type(gpio_num_t pin, gpio_int_type_t type) {
  gpio_ll_set_intr_type(&GPIO, pin, type);
  return ESP_OK;
}
esp_err_t gpio_isr_register(void (*newHandler)(void *), void *argument, int flags, gpio_isr_handle_t *handle) {
  (void)argument, (void)flags, (void)handle;
  handler = newHandler;
  return ESP_OK;
}
esp_err_t gpio_wakeup_enable(gpio_num_t pin, gpio_int_type_t level) {
  CHECK(level == GPIO_INTR_LOW_LEVEL || level == GPIO_INTR_HIGH_LEVEL); // the only ones it takes
  gpio_ll_set_intr_type(&GPIO, pin, level);
  fakePawWakes = true;
  return ESP_OK;
}
esp_err_t gpio_wakeup_disable(gpio_num_t pin) {
  CHECK(pin == PAW_PIN);
  fakePawWakes = false;
  return ESP_OK;
}
esp_err_t gpio_sleep_sel_dis(gpio_num_t pin) {
  CHECK(pin == HEART_PIN);
  return ESP_OK;
}
esp_err_t gpio_hold_en(gpio_num_t pin) {
  CHECK(pin == HEART_PIN && fakeHeart == !HEART_ACTIVE);
  fakeHeartIsHeld = true;
  return ESP_OK;
}
esp_err_t gpio_hold_dis(gpio_num_t pin) {
  if (pin == HEART_PIN) fakeHeartIsHeld = false;
  else CHECK(pin == PAW_PIN);
  return ESP_OK;
}
void gpio_deep_sleep_hold_en(void) { digitalHold = true; }
void gpio_deep_sleep_hold_dis(void) { digitalHold = false; }

esp_err_t rtc_gpio_deinit(gpio_num_t pin) { return gpio_hold_dis(pin); }
static esp_err_t pull(gpio_num_t pin, int level) {
  CHECK(pin == PAW_PIN);
  fakePull = level;
  return ESP_OK;
}
esp_err_t rtc_gpio_pullup_en(gpio_num_t pin) { return pull(pin, 1); }
esp_err_t rtc_gpio_pullup_dis(gpio_num_t pin) { return pull(pin, -1); }
esp_err_t rtc_gpio_pulldown_en(gpio_num_t pin) { return pull(pin, 0); }
esp_err_t rtc_gpio_pulldown_dis(gpio_num_t pin) { return pull(pin, -1); }

esp_err_t esp_sleep_disable_wakeup_source(esp_sleep_wakeup_cause_t source) {
  CHECK(source == ESP_SLEEP_WAKEUP_ALL);
  fakeSleepS = fakeWakePin = -1;
  gpioWakes = false;
  return ESP_OK;
}
esp_err_t esp_sleep_enable_timer_wakeup(uint64_t us) {
  fakeSleepS = (int)(us / 1000000);
  return ESP_OK;
}
static esp_err_t wakeBy(int pin, int level) {
  fakeWakePin = pin;
  fakeWakeLevel = level;
  return ESP_OK;
}
esp_err_t esp_sleep_enable_ext0_wakeup(gpio_num_t pin, int level) {
#ifdef CONFIG_IDF_TARGET_ESP32C3
  CHECK(!"a C3 has no EXT0");
#endif
  return wakeBy(pin, level);
}
esp_err_t esp_sleep_enable_gpio_wakeup(void) {
  gpioWakes = true;
  return ESP_OK;
}
esp_err_t esp_deep_sleep_enable_gpio_wakeup(uint64_t pins, esp_deepsleep_gpio_wake_up_mode_t level) {
#ifndef CONFIG_IDF_TARGET_ESP32C3
  CHECK(!"only a C3 wakes so");
#endif
  CHECK(pins != 0 && (pins & (pins - 1)) == 0 && pins < 1 << 6); // GPIO0-5
  return wakeBy(__builtin_ctzll(pins), level == ESP_GPIO_WAKEUP_GPIO_HIGH);
}
_Noreturn void esp_deep_sleep_start(void) {
  CHECK(!fakeStackIsOn && digitalHold && fakeHeartIsHeld && !fakeMicrophone);
  longjmp(deep, 1);
}
void stackStop(void) { fakeStackIsOn = false; }

void microphoneWake(void) { fakeMicrophoneWakes++; }
void microphoneRest(void) { fakeMicrophoneRests++; }
bool microphoneOpen(void) {
  CHECK(fakeHeart == HEART_ACTIVE); // never in the dark
  return fakeMicrophone = !fakeMicrophoneIsBroken;
}
void microphoneClose(void) { fakeMicrophone = false; }
bool microphoneIsOpen(void) { return fakeMicrophone; }
bool speakerIsPlaying(void) { return false; }
void speakerClose(void) {}
