// Espruino's NRF as its ESP32 port is to a program, over the native radio: the program for stock Espruino runs where there is no NRF. Events
// come twice, a write holds 60 bytes, nobody says what the MTU is or that there is room again. Put in front of that program.
import type { NativeRadio } from '#firmware/native/native.d.ts';
import { SERVICE_UUID } from '#protocol/ble/service.ts';

interface Characteristic {
  value?: Uint8Array;
  notify?: boolean;
  onWrite?: (event: { data: ArrayBuffer }) => void;
}
type Services = { [service: string]: { [characteristic: string]: Characteristic } };

declare function require(name: 'radio'): NativeRadio;
declare const global: { NRF: unknown };

// The keys that firmware/radio-nrf.ts hands over.
const TO_TOY = '0xB0A1';
const FROM_TOY = '0xB0A2';
const VALUE_BYTES = 244;
const MAX_WRITE_BYTES = 60;
const radio = require('radio');
const value = new Uint8Array(VALUE_BYTES);
const listeners: { [event: string]: () => void } = {};
let write: ((event: { data: ArrayBuffer }) => void) | undefined;

function fire(event: string): void {
  listeners[event]!();
  listeners[event]!();
}
function take(length: number): void {
  if (length > MAX_WRITE_BYTES) throw new Error('pawpost: a write that is too long');
  const copy = new Uint8Array(length);
  copy.set(value.subarray(0, length));
  write!({ data: copy.buffer as ArrayBuffer });
}

global.NRF = {
  on: (event: string, listener: () => void) => {
    listeners[event] = listener;
  },
  setServices: (services: Services, options: { uart: boolean }) => {
    if (options.uart !== false) throw new Error('pawpost: the console is open');
    write = services[SERVICE_UUID]![TO_TOY]!.onWrite;
    radio.start({
      connected: () => fire('connect'),
      received: () => {
        let length = radio.read(value);
        while (length > 0) {
          take(length);
          length = radio.read(value);
        }
      },
      room: () => undefined,
      disconnected: () => fire('disconnect'),
    });
  },
  updateServices: (services: Services) => {
    const sent = services[SERVICE_UUID]![FROM_TOY]!.value!;
    // Where there is no room it is lost, without a word.
    if (sent.length <= MAX_WRITE_BYTES) radio.send(sent, 0, sent.length);
  },
  setAdvertising: (data: Uint8Array) => radio.advertise(data),
  disconnect: () => radio.disconnect(),
};
