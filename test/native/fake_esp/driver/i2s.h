// Of ESP-IDF's public API, what the toy's C uses: I2S. Written from its documentation, for tests on a host.
#pragma once
#include "esp_err.h"
#include "freertos/FreeRTOS.h"

typedef enum { I2S_NUM_0 } i2s_port_t;
typedef enum { I2S_MODE_MASTER = 1, I2S_MODE_TX = 4, I2S_MODE_RX = 8, I2S_MODE_PDM = 64 } i2s_mode_t;
typedef enum { I2S_BITS_PER_SAMPLE_16BIT = 16, I2S_BITS_PER_SAMPLE_32BIT = 32 } i2s_bits_per_sample_t;
typedef enum { I2S_CHANNEL_FMT_RIGHT_LEFT = 0, I2S_CHANNEL_FMT_ONLY_LEFT = 4 } i2s_channel_fmt_t;
typedef enum { I2S_COMM_FORMAT_STAND_I2S = 1 } i2s_comm_format_t;
#define I2S_PIN_NO_CHANGE (-1)

typedef struct {
  i2s_mode_t mode;
  uint32_t sample_rate;
  i2s_bits_per_sample_t bits_per_sample;
  i2s_channel_fmt_t channel_format;
  i2s_comm_format_t communication_format;
  int dma_buf_count, dma_buf_len;
  bool tx_desc_auto_clear;
} i2s_config_t;
typedef struct { int mck_io_num, bck_io_num, ws_io_num, data_out_num, data_in_num; } i2s_pin_config_t;

esp_err_t i2s_driver_install(i2s_port_t port, const i2s_config_t *how, int queueLength, void *queue);
esp_err_t i2s_driver_uninstall(i2s_port_t port);
esp_err_t i2s_set_pin(i2s_port_t port, const i2s_pin_config_t *wires);
esp_err_t i2s_read(i2s_port_t port, void *out, size_t size, size_t *got, TickType_t wait);
esp_err_t i2s_write(i2s_port_t port, const void *bytes, size_t size, size_t *written, TickType_t wait);
