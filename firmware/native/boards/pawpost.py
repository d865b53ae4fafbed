# What Pawpost's three board definitions for chips have in common: our sources, the parts of Espruino that the toy needs and no others,
# and the lines of sdkconfig that have no place in a board definition of Espruino. See ../README.md. Nothing here has been built for a chip.

import pinutils;

# Files of firmware/native, which lie in libs/pawpost of Espruino's tree.
sources = [
  'bytes', 'keyslots', 'noise_kdf', 'ring', 'level', 'voice', 'tones', 'selftest',
  'program', 'program_slot', 'program_update', 'program_esp32', 'makerstore_esp32', 'entry_esp32',
  'power', 'power_esp32', 'keystore_esp32', 'radio_esp32', 'pace_esp32', 'stack_esp32', 'advertiser_esp32', 'plush_esp32', 'sound_esp32', 'wifi_none_esp32',
]
# Power is first: a touch that has woken the toy wants the microphone.
wrappers = ['jswrap_power', 'jswrap_sodium', 'jswrap_plush', 'jswrap_radio', 'jswrap_program']

# Espruino's own files for the chip. Its Makefile adds them together with its network library only, which we leave out.
target_sources = [
  'jshardwareI2c', 'jshardwareSpi', 'jshardwareUart', 'jshardwareAnalog', 'jshardwarePWM', 'jshardwarePulse', 'rtosutil',
]
target_wrappers = ['jswrap_esp32']

# Lines that differ in the sdkconfig that Espruino's make copies for the chip (targets/esp32/IDF4). QIO reads flash twice as fast as DIO,
# and a program of JavaScript is a walk through the interpreter's code in flash. Nobody pairs with the radio: the link's own keys do that.
sdkconfig = {
  'CONFIG_ESPTOOLPY_FLASHMODE_DIO' : 'n',
  'CONFIG_ESPTOOLPY_FLASHMODE_QIO' : 'y',
  'CONFIG_ESPTOOLPY_FLASHMODE' : '"qio"',
  'CONFIG_FLASHMODE_DIO' : 'n',
  'CONFIG_FLASHMODE_QIO' : 'y',
  'CONFIG_BT_BLE_SMP_ENABLE' : 'n',
  # Light sleep when nothing is to be done (power_esp32.c); three ticks of 10 ms are the least for which it pays (ESP-IDF's default).
  'CONFIG_PM_ENABLE' : 'y',
  'CONFIG_FREERTOS_USE_TICKLESS_IDLE' : 'y',
  'CONFIG_FREERTOS_IDLE_TIME_BEFORE_SLEEP' : '3',
  # The image was hashed when the power came on; to do it again after each sleep would cost the first word.
  'CONFIG_BOOTLOADER_SKIP_VALIDATE_IN_DEEP_SLEEP' : 'y',
}
# The radio sleeps between its events. A C3 and an S3 keep their main crystal on in light sleep, by which the radio knows when to wake: without that
# line ESP-IDF forbids light sleep as long as Bluetooth is on.
for_c3_and_s3 = {
  'CONFIG_BT_CTRL_MODEM_SLEEP' : 'y',
  'CONFIG_BT_CTRL_MODEM_SLEEP_MODE_1' : 'y',
  'CONFIG_BT_CTRL_LPCLK_SEL_MAIN_XTAL' : 'y',
  'CONFIG_BT_CTRL_MAIN_XTAL_PU_DURING_LIGHT_SLEEP' : 'y',
}
# A first ESP32 cannot: with Bluetooth by its main crystal "light sleep is not supported" (ESP-IDF 4.4, Bluetooth low power clock); that takes a
# crystal of 32.768 kHz on GPIO32 and 33, which no board here has. So only its radio sleeps, and its clock goes from 240 to 80 MHz.
for_esp32 = {
  'CONFIG_BTDM_CTRL_MODEM_SLEEP' : 'y',
  'CONFIG_BTDM_CTRL_MODEM_SLEEP_MODE_ORIG' : 'y',
  'CONFIG_BTDM_CTRL_LPCLK_SEL_MAIN_XTAL' : 'y',
}

def libraries():
  # No NET, TLS, TELNET, FILESYSTEM, GRAPHICS, NEOPIXEL, CRYPTO: the program names none. No BLUETOOTH: that is Espruino's NRF object with
  # its console for whoever connects; require('radio') is the only way in, and it has no console.
  return []

def makefile(defines):
  return [
    'DEFINES+=-DESP_PLATFORM -DESP32=1 -DUSE_ESP32',
    'DEFINES+=-DJSVAR_MALLOC', # the pool of variables is taken from the heap at the start
    'DEFINES+=-DESP_HEAP_SIZE=100000', # and leaves this: the voice's stack and DMA take 40,000, Bluetooth the rest
    'DEFINES+=-DESP_STACK_SIZE=15000',
    'DEFINES+=-Dgpio_isr_register=pawInterrupts', # Espruino's one interrupt for all pins, by way of power_esp32.c
  ] + ['DEFINES+=' + define for define in defines] + [
    'INCLUDE += -I$(ROOT)/libs/pawpost -I$(ROOT)/libs/network -I$(ROOT)/libs/network/esp32',
    'SOURCES += ' + ' '.join('libs/pawpost/%s.c' % name for name in sources),
    'SOURCES += ' + ' '.join('targets/esp32/%s.c' % name for name in target_sources),
    'WRAPPERSOURCES += ' + ' '.join('libs/pawpost/%s.c' % name for name in wrappers),
    'WRAPPERSOURCES += ' + ' '.join('targets/esp32/%s.c' % name for name in target_wrappers),
    'ESP32_FLASH_MAX=2048000', # the factory partition of targets/esp32/IDF4/partitions.csv
  ]

def info(name, binary, defines):
  return {
    'name' : name,
    'default_console' : 'EV_SERIAL1', # a wire: USB or UART0. Never the radio
    'default_console_baudrate' : '115200',
    'variables' : 4095, # of 13 bytes, on every chip: the program is made for a C3's pool, and Opus needs the rest
    'io_buffer_size' : 4096,
    'binary_name' : binary,
    'build' : {
      'optimizeflags' : '-Og',
      'libraries' : libraries(),
      'makefile' : makefile(defines),
    }
  }

def chip(part, ram, speed, usart, spi, i2c):
  return {
    'part' : part,
    'family' : 'ESP32_IDF4', # the older family ESP32 has another table of partitions, and Bluetooth of 2018
    'package' : '',
    'ram' : ram,
    'flash' : 0,
    'speed' : speed,
    'usart' : usart,
    'spi' : spi,
    'i2c' : i2c,
    'adc' : 1, # ADC1 alone
    'dac' : 0,
    'saved_code' : {
      'address' : 0x320000,
      'page_size' : 4096,
      'pages' : 224,
      'flash_available' : 2000,
    },
  }

def pins(last, adc1, functions):
  """GPIO 0 to `last`; `adc1` are the GPIOs of its channels in order; `functions` maps a GPIO to names of Espruino."""
  all_pins = pinutils.generate_pins(0, last)
  for channel, number in enumerate(adc1):
    pinutils.findpin(all_pins, 'PD%d' % number, True)['functions']['ADC1_IN%d' % channel] = 0
  for number, name in functions.items():
    pinutils.findpin(all_pins, 'PD%d' % number, True)['functions'][name] = 0
  return all_pins
