// Seeed's XIAO ESP32S3 Sense: microphone and charger on a board as small as a thumb. Parts and wires; the program's are in ../xiao-s3-sense.ts.
import type { Wiring } from './facts.ts';

const BUILT =
  'soldered; Seeed’s wiki and many programs for it (XIAO-ESP32S3-Sense by Mjrovai: setPinsPdmRx(42, 41))';

export const wiring: Wiring = {
  title: 'XIAO ESP32S3 Sense',
  chip: 'esp32s3',
  image: 'PAWPOST_ESP32S3',
  flashBytes: 0x800000,
  usb: 'top',
  rows: [
    { side: 'left', title: '', holes: [1, 2, 3, 4, 5, 6, 43] },
    { side: 'right', title: '', holes: ['5V', 'GND', '3V3', 9, 8, 7, 44] },
  ],
  printed: {
    1: 'D0',
    2: 'D1',
    3: 'D2',
    4: 'D3',
    5: 'D4',
    6: 'D5',
    43: 'D6',
    44: 'D7',
    7: 'D8',
    8: 'D9',
    9: 'D10',
  },
  rowsSource: 'Seeed, XIAO ESP32S3 Getting Started, Pin Map: D0-D6 on the left, D10-D7 on the right',
  taken: [
    { pins: [21], by: 'the yellow LED (lit when low), which is also the card’s select' },
    { pins: [10, 11, 12, 13, 14, 15, 16, 17, 18, 38, 39, 40, 47, 48], by: 'the camera' },
  ],
  microphone: {
    part: 'PDM microphone',
    kind: 'pdm',
    isOnboard: true,
    clock: { pin: 42, source: 'repo', why: BUILT },
    select: null,
    data: { pin: 41, source: 'repo', why: BUILT },
  },
  amplifier: {
    part: 'MAX98357A',
    isOnboard: false,
    clock: {
      pin: 5,
      source: 'ours',
      why: 'D4, on the side that has no wire of the card; 7-9, the obvious three, are the card’s',
    },
    select: { pin: 6, source: 'ours', why: 'D5, next to it' },
    data: { pin: 4, source: 'ours', why: 'D3, next to it' },
    enable: { pin: 7, source: 'ours', why: 'D8: the card’s clock, free while no card is in its slot' },
  },
  paw: { part: 'TTP223', isOnboard: false, source: 'ours', why: 'D0: one of 0-21, which wake the chip' },
  heart: {
    source: 'ours',
    why: 'D10: the card’s data, free while no card is in its slot; the LED on 21 hides inside the toy',
  },
  battery: { source: 'ours', why: 'D1, ADC1 channel 1; the board itself does not measure its cell' },
  hearsItself: {
    ports: 2,
    why: 'wires of their own, so each can have one of the chip’s two I2S; PDM is heard on the first alone',
  },
  supply: 'cell on BAT pads',
  charge: 'by the board itself, over USB; the program does not see whether it charges',
  console: { over: 'usb', source: 'the chip’s own USB (its schematic); Espruino’s ESP32S3_IDF4' },
  remarks: [
    'Leave the card slot empty and the camera off: the toy has no use for an eye.',
    'The BAT pads are on the underside and have no protection against reversed wires.',
  ],
};
