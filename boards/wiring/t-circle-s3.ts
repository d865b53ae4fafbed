// LilyGO's T-Circle-S3: microphone, amplifier and speaker behind a round screen. Parts and wires; the program's are in ../t-circle-s3.ts.
import type { Wiring } from './facts.ts';

const SOLDERED = 'soldered; LilyGO’s T-Circle-S3 repository, PinOverview, and xiaozhi’s board of that name';

export const wiring: Wiring = {
  title: 'LilyGO T-Circle-S3 (V1.0)',
  chip: 'esp32s3',
  image: 'PAWPOST_ESP32S3',
  flashBytes: 0x1000000,
  usb: 'bottom',
  rows: [
    { side: 'left', title: 'back', holes: ['3V3', 1, 2, 3] },
    { side: 'right', title: 'back', holes: [42, 41, 40, '5V', 'GND'] },
  ],
  rowsSource:
    'LilyGO says six pads on the back; which six we read from the pin file of its expansion (1-3, 40-42). Their order is not known to us: go by the print',
  taken: [
    { pins: [11, 12, 13, 14, 15, 16, 17, 18], by: 'screen and touch' },
    { pins: [38, 39], by: 'the APA102 lights, which want more than on and off' },
  ],
  microphone: {
    part: 'MSM261S4030H0R',
    kind: 'i2s',
    isOnboard: true,
    clock: { pin: 7, source: 'repo', why: SOLDERED },
    select: { pin: 9, source: 'repo', why: SOLDERED },
    data: { pin: 8, source: 'repo', why: SOLDERED },
  },
  amplifier: {
    part: 'MAX98357A',
    isOnboard: true,
    clock: { pin: 5, source: 'repo', why: SOLDERED },
    select: { pin: 4, source: 'repo', why: SOLDERED },
    data: { pin: 6, source: 'repo', why: SOLDERED },
    enable: {
      pin: 45,
      source: 'repo',
      why: SOLDERED,
      soldered: 'a strapping pin that must be low at power-on; the amplifier’s own resistor pulls it low',
    },
  },
  paw: {
    part: 'TTP223',
    isOnboard: false,
    source: 'ours',
    why: 'one of 0-21, which wake the chip; the button on 0 would keep a toy from starting while its paw is held',
  },
  heart: {
    source: 'ours',
    why: 'a pad on the back; the lights on 38 and 39 need a protocol that the program does not speak',
  },
  battery: { source: 'ours', why: 'ADC1 channel 0, where LilyGO’s own expansion measures its cell' },
  hearsItself: { ports: 2, why: 'wires of their own, so each can have one of the chip’s two I2S' },
  supply: 'boost to 5V',
  charge: 'by the charger module; the program does not see whether it charges',
  console: { over: 'usb', source: 'LilyGO: USB Mode Hardware CDC and JTAG; Espruino’s ESP32S3_IDF4' },
  remarks: [
    'V1.1 has another microphone (MP34DT05, PDM: clock 9, data 8): these wires are V1.0’s.',
    'The program leaves the screen dark.',
  ],
};
