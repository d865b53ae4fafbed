#!/bin/false
# Espruino's board definition of the toy's image for an ESP32-S3 (boards/wiring: s3-devkitc, xiao-s3-sense, t-circle-s3). Read by Espruino's
# own build scripts. Not built yet for a chip.

import pawpost;

info = pawpost.info('Pawpost on ESP32-S3', 'espruino_%v_pawpost_esp32s3.bin', [
  '-DESPR_USE_USB_SERIAL_JTAG', # the console is the chip's own USB
]);
chip = pawpost.chip('ESP32S3', ram=512, speed=240, usart=3, spi=2, i2c=2);
devices = {};
boards = [];

def get_pins():
  # Espruino's own definition for the S3 has no ADC pins; its analog code knows eight channels, so GPIO9 and 10 stay out.
  return pawpost.pins(48, adc1=[1, 2, 3, 4, 5, 6, 7, 8], functions={
    43 : 'USART1_TX', 44 : 'USART1_RX',
  })
