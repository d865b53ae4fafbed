#!/bin/false
# Espruino's board definition of the toy's image for an ESP32-C3 (boards/wiring: c3-supermini). Read by Espruino's own build scripts.
# Not built yet for a chip.

import pawpost;

info = pawpost.info('Pawpost on ESP32-C3', 'espruino_%v_pawpost_esp32c3.bin', [
  '-DESPR_USE_USB_SERIAL_JTAG', # the console is the chip's own USB
]);
chip = pawpost.chip('ESP32C3', ram=400, speed=160, usart=2, spi=1, i2c=1);
devices = {};
boards = [];

def get_pins():
  return pawpost.pins(21, adc1=[0, 1, 2, 3, 4], functions={
    18 : 'USB', 19 : 'USB', 20 : 'USART1_RX', 21 : 'USART1_TX',
  })
