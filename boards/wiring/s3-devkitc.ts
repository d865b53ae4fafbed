// Espressif's ESP32-S3-DevKitC-1: a board for the bench with room to spare. Parts and wires; what the program needs is in ../s3-devkitc.ts.
import type { Wiring } from './facts.ts';

const BUILT = 'as xiaozhi’s bread-compact-wifi has it';

export const wiring: Wiring = {
  title: 'ESP32-S3-DevKitC-1',
  chip: 'esp32s3',
  image: 'PAWPOST_ESP32S3',
  flashBytes: 0x800000,
  usb: 'bottom',
  rows: [
    {
      side: 'left',
      title: '',
      holes: ['3V3', '3V3', 'RST', 4, 5, 6, 7, 15, 16, 17, 18, 8, 3, 46, 9, 10, 11, 12, 13, 14, '5V', 'GND'],
    },
    {
      side: 'right',
      title: '',
      holes: ['GND', 43, 44, 1, 2, 42, 41, 40, 39, 38, 37, 36, 35, 0, 45, 48, 47, 21, 20, 19, 'GND', 'GND'],
    },
  ],
  printed: { 43: 'TX', 44: 'RX' },
  rowsSource: 'Espressif, ESP32-S3-DevKitC-1 User Guide, Header Block',
  taken: [{ pins: [38, 48], by: 'the RGB light (48 on v1.0, 38 on v1.1), which wants more than on and off' }],
  microphone: {
    part: 'INMP441',
    kind: 'i2s',
    isOnboard: false,
    clock: { pin: 5, source: 'repo', why: BUILT },
    select: { pin: 4, source: 'repo', why: BUILT },
    data: { pin: 6, source: 'repo', why: BUILT },
  },
  amplifier: {
    part: 'MAX98357A',
    isOnboard: false,
    clock: { pin: 15, source: 'repo', why: BUILT },
    select: { pin: 16, source: 'repo', why: BUILT },
    data: { pin: 7, source: 'repo', why: BUILT },
    enable: { pin: 17, source: 'ours', why: 'next to the amplifier’s others' },
  },
  paw: {
    part: 'TTP223',
    isOnboard: false,
    source: 'ours',
    why: 'one of 0-21, which wake the chip; 47, which others use for a button, cannot',
  },
  heart: { source: 'ours', why: 'free, and an LED on it needs no more than on and off' },
  battery: { source: 'ours', why: 'ADC1 channel 0' },
  hearsItself: { ports: 2, why: 'wires of their own, so each can have one of the chip’s two I2S' },
  supply: 'boost to 5V',
  charge: 'by the charger module; the program does not see whether it charges',
  console: {
    over: 'usb',
    source: 'Espruino’s ESP32S3_IDF4: ESPR_USE_USB_SERIAL_JTAG; the socket marked USB',
  },
  remarks: [
    'For the bench: its USB chip and lights draw current all night.',
    'Sold with 4 to 32 MB of flash; the toy uses the first 4 MB, whatever there is.',
  ],
};
