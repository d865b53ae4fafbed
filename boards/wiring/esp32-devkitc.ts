// Espressif's ESP32-DevKitC V4: a board for the bench. Parts and wires; what the program needs is in ../esp32-devkitc.ts.
import type { Wiring } from './facts.ts';

const BUILT = 'as xiaozhi’s bread-compact-esp32 has it';

export const wiring: Wiring = {
  title: 'ESP32-DevKitC V4',
  chip: 'esp32',
  image: 'PAWPOST_ESP32',
  flashBytes: 0x400000,
  usb: 'bottom',
  rows: [
    {
      side: 'left',
      title: '',
      holes: ['3V3', 'EN', 36, 39, 34, 35, 32, 33, 25, 26, 27, 14, 12, 'GND', 13, 9, 10, 11, '5V'],
    },
    {
      side: 'right',
      title: '',
      holes: ['GND', 23, 22, 1, 3, 21, 'GND', 19, 18, 5, 17, 16, 4, 0, 2, 15, 8, 7, 6],
    },
  ],
  printed: { 36: 'VP', 39: 'VN', 1: 'TX', 3: 'RX', 6: 'CLK', 7: 'D0', 8: 'D1', 9: 'D2', 10: 'D3', 11: 'CMD' },
  rowsSource: 'Espressif, ESP32-DevKitC V4 Getting Started Guide, Pin Descriptions',
  taken: [],
  microphone: {
    part: 'INMP441',
    kind: 'i2s',
    isOnboard: false,
    clock: { pin: 26, source: 'repo', why: BUILT },
    select: { pin: 25, source: 'repo', why: BUILT },
    data: { pin: 32, source: 'repo', why: BUILT },
  },
  amplifier: {
    part: 'MAX98357A',
    isOnboard: false,
    clock: { pin: 14, source: 'repo', why: BUILT },
    select: { pin: 27, source: 'repo', why: BUILT },
    data: { pin: 33, source: 'repo', why: BUILT },
    enable: {
      pin: 22,
      source: 'ours',
      why: 'free; Espruino’s start pulls it up, but without a clock the amplifier stays silent',
    },
  },
  paw: {
    part: 'TTP223',
    isOnboard: false,
    source: 'ours',
    why: 'wakes the chip and is no strapping pin; 19, which others use for a button, cannot wake it',
  },
  heart: { source: 'ours', why: 'free; the LED that some boards have on 2 sits on a strapping pin' },
  battery: { source: 'ours', why: 'ADC1 channel 7, a pin that can only be read' },
  hearsItself: { ports: 2, why: 'wires of their own, so each can have one of the chip’s two I2S' },
  supply: 'boost to 5V',
  charge: 'by the charger module; the program does not see whether it charges',
  console: { over: 'uart', source: 'the board’s USB chip on UART0 (its schematic); Espruino’s ESP32_IDF4' },
  remarks: [
    'For the bench: its regulator wants 5 V and its USB chip and red light draw current all night.',
    'The boards with a WROVER module hold 16 and 17 for PSRAM; nothing here uses them.',
  ],
};
