// M5Stack's Atom Echo: microphone, amplifier, speaker and a button in one cube. Parts and wires; the program's are in ../atom-echo.ts.
import type { Wiring } from './facts.ts';

const SOLDERED = 'soldered; M5Stack’s page for it, and M5AtomEcho drivers that use these four';

export const wiring: Wiring = {
  title: 'M5Stack Atom Echo',
  chip: 'esp32',
  image: 'PAWPOST_ESP32',
  flashBytes: 0x400000,
  usb: 'bottom',
  rows: [
    { side: 'left', title: 'back', holes: ['3V3', 22, 19, 23, 33] },
    { side: 'right', title: 'back', holes: [21, 25, '5V', 'GND'] },
    { side: 'right', title: 'Grove', holes: [32, 26, '5V', 'GND'] },
  ],
  rowsSource:
    'M5Stack, Atom Echo: PinOut G21/G25/5V/GND, 3V3/G22/G19/G23/G33; the order in the Grove socket is printed on it',
  taken: [
    { pins: [27], by: 'the SK6812 light, which wants more than on and off' },
    { pins: [12], by: 'the infrared light' },
  ],
  microphone: {
    part: 'SPM1423',
    kind: 'pdm',
    isOnboard: true,
    clock: { pin: 33, source: 'repo', why: SOLDERED },
    select: null,
    data: { pin: 23, source: 'repo', why: SOLDERED },
  },
  amplifier: {
    part: 'NS4168',
    isOnboard: true,
    clock: { pin: 19, source: 'repo', why: SOLDERED },
    select: { pin: 33, source: 'repo', why: SOLDERED },
    data: { pin: 22, source: 'repo', why: SOLDERED },
    enable: null,
  },
  paw: {
    part: 'the cube’s own button',
    isOnboard: true,
    source: 'repo',
    why: 'soldered, low while pressed, with a resistor of its own, for 39 has none inside; wakes the chip',
  },
  heart: {
    source: 'ours',
    why: 'on the Grove socket, next to ground; the light on 27 needs a protocol that the program does not speak',
  },
  battery: null,
  noBattery: 'it lives on 5 V from a power bank, which knows its own charge',
  takesTurns:
    'GPIO33 is the microphone’s clock and the amplifier’s word select: one driver is taken down before the other starts',
  supply: 'power bank',
  charge: 'by the power bank',
  console: { over: 'uart', source: 'the cube’s USB chip on UART0 (its schematic); Espruino’s ESP32_IDF4' },
  remarks: [
    'The whole cube fits into a paw: press the paw, and its button is pressed.',
    'Its maker warns that loud or long music breaks the small speaker: keep the volume low.',
    'Pins 36 and 39 of this chip see very short pulses when its ADC starts (ESP32 Series SoC Errata): the program does not use the ADC here, and waits 25 ms before it believes a paw.',
    'The amplifier cannot be put to sleep: expect a faint hiss.',
  ],
};
