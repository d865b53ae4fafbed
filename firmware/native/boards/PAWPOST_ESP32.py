#!/bin/false
# Espruino's board definition of the toy's image for an ESP32 (boards/wiring: esp32-devkitc, atom-echo). Read by Espruino's own build scripts.
# Not built yet for a chip.

import pawpost;

info = pawpost.info('Pawpost on ESP32', 'espruino_%v_pawpost_esp32.bin', []);
chip = pawpost.chip('ESP32', ram=512, speed=240, usart=3, spi=2, i2c=2);
devices = {};
boards = [];

def get_pins():
  return pawpost.pins(39, adc1=[36, 37, 38, 39, 32, 33, 34, 35], functions={
    1 : 'USART1_TX', 3 : 'USART1_RX',
  })
