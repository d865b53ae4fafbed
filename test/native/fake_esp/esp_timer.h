// Of ESP-IDF's public API, what the toy's C uses: the clock, and timers. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"

typedef struct esp_timer *esp_timer_handle_t;
typedef struct {
  void (*callback)(void *arg);
  void *arg;
  const char *name;
} esp_timer_create_args_t;

int64_t esp_timer_get_time(void);
esp_err_t esp_timer_create(const esp_timer_create_args_t *create, esp_timer_handle_t *timer);
esp_err_t esp_timer_start_once(esp_timer_handle_t timer, uint64_t us);
esp_err_t esp_timer_stop(esp_timer_handle_t timer);
esp_err_t esp_timer_delete(esp_timer_handle_t timer);
