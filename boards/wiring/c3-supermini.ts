// ESP32-C3 SuperMini: the small cheap board of the reference toy. Parts and wires; what the program needs is in ../c3-plush.ts.
import type { Wiring } from './facts.ts';

export const wiring: Wiring = {
  title: 'ESP32-C3 SuperMini',
  chip: 'esp32c3',
  image: 'PAWPOST_ESP32C3',
  flashBytes: 0x400000,
  usb: 'top',
  rows: [
    { side: 'left', title: '', holes: [5, 6, 7, 8, 9, 10, 20, 21] },
    { side: 'right', title: '', holes: ['5V', 'GND', '3V3', 4, 3, 2, 1, 0] },
  ],
  rowsSource: 'pin pictures of its sellers; makers copy each other, so go by the print next to the hole',
  taken: [{ pins: [8], by: 'the blue LED (lit when low)' }],
  microphone: {
    part: 'INMP441',
    kind: 'i2s',
    isOnboard: false,
    clock: { pin: 4, source: 'ours', why: 'any pin will do for I2S; 4-7 lie together' },
    select: { pin: 5, source: 'ours', why: 'next to the clock' },
    data: { pin: 6, source: 'ours', why: 'next to the clock' },
  },
  amplifier: {
    part: 'MAX98357A',
    isOnboard: false,
    clock: { pin: 4, source: 'ours', why: 'the chip has one I2S: the microphone’s clock' },
    select: { pin: 5, source: 'ours', why: 'the microphone’s word select' },
    data: { pin: 7, source: 'ours', why: 'next to the clock' },
    enable: {
      pin: 1,
      source: 'ours',
      why: 'free, and says nothing while the chip starts, as 20 and 21 would',
    },
  },
  paw: {
    part: 'TTP223',
    isOnboard: false,
    source: 'ours',
    why: 'one of 0-5, which wake the chip; 2 is a strapping pin',
  },
  heart: {
    source: 'ours',
    why: 'the last free pin without a second task; the LED on 8 hides inside the toy and is a strapping pin',
  },
  battery: { source: 'ours', why: 'ADC1 channel 0' },
  takesTurns: 'one I2S for both: the toy never plays while it records',
  hearsItself: {
    ports: 1,
    why: 'one I2S in both directions, on the clock and word select that both parts have; the test alone does it, for it takes 10 KB of DMA',
  },
  supply: 'cell through 5V',
  charge: 'by the charger module; the program does not see whether it charges',
  console: { over: 'usb', source: 'Espruino’s ESP32C3_IDF4: ESPR_USE_USB_SERIAL_JTAG' },
  remarks: [
    'Boards are sold with antennas that differ: hold it near the edge of the toy, away from cell and speaker.',
    'GPIO4-7 are also the wires of an outside debugger. The one inside the chip, over USB, does not need them.',
  ],
};
