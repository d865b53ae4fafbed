#!/bin/false
# The board definition of Espruino for Linux with Pawpost's native modules: a C3 in what matters to JavaScript (4095 variables in a fixed
# pool, 4 MB of flash with the C3's places), a file or a socket in place of each part. Read by Espruino's own build scripts.

import pinutils;

# Functions of Espruino that files of ours stand in for: its boot code, and those of targets/linux/jshardware.c.
wrapped = [
  'jsfLoadBootCodeFromFlash', 'jsfLoadStateFromFlash', 'jsfSaveToFlash', 'jshReboot', 'jshEnableWatchDog', 'jshKickWatchDog',
  'jshFlashGetPage', 'jshFlashErasePage', 'jshFlashRead', 'jshFlashWrite', 'jshFlashGetMemMapAddress',
  'jshPinWatch', 'jshPinGetValue', 'jshPinSetValue', 'jshGetWatchedPinState', 'jshPinAnalog', 'jshPinAnalogOutput',
  'jshSleep', 'jshGetSystemTime',
]
sources = [
  'bytes', 'keyslots', 'keystore_linux', 'noise_kdf', 'ring', 'level', 'voice', 'tones', 'selftest', 'plush_linux', 'power', 'power_linux',
  'air_linux', 'radio_linux',
  'clock_linux', 'pins_linux', 'flash_linux', 'meter_linux',
  'program', 'program_slot', 'program_update', 'program_linux', 'makerstore_linux',
]
wrappers = ['jswrap_power', 'jswrap_sodium', 'jswrap_plush', 'jswrap_radio', 'jswrap_program']

info = {
  'name' : "Pawpost on Linux",
  'default_console' : "EV_USBSERIAL",
  'variables' : 4095, # as many as ESP32C3_IDF4 has
  'io_buffer_size' : 4096,
  'binary_name' : 'espruino',
  'build' : {
    'libraries' : ['CRYPTO', 'SHA256'],
    'makefile' : [
      'LINUX=1',
      'INCLUDE += -I$(ROOT)/libs/pawpost',
      'SOURCES += ' + ' '.join('libs/pawpost/%s.c' % name for name in sources),
      'WRAPPERSOURCES += ' + ' '.join('libs/pawpost/%s.c' % name for name in wrappers),
      'LIBS += -lopus -lsodium',
      'LDFLAGS += ' + ' '.join('-Wl,--wrap=' + name for name in wrapped),
    ]
  }
};
chip = {
  'part' : "LINUX",
  'family' : "LINUX",
  'package' : "",
  'ram' : 0,
  'flash' : 4096,
  'speed' : -1,
  'usart' : 6,
  'spi' : 3,
  'i2c' : 3,
  'adc' : 0,
  'dac' : 0,
  'saved_code' : { # where ESP32C3_IDF4 has its Storage
    'address' : 0x320000,
    'page_size' : 4096,
    'pages' : 224,
    'flash_available' : 1344,
  },
};

devices = {
  'USB' : {} # to convince the code that there is a port for the console
};

def get_pins():
  return pinutils.generate_pins(0, 64)
