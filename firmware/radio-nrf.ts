// The radio over Espruino's own NRF on ESP32, as it is: 16-bit characteristics, values of at most 60 bytes, events that come twice,
// notifications that get lost without a word, no MTU and no word of who listens. The credits of protocol/ble make up for it.
import { SERVICE_UUID } from '#protocol/ble/service.ts';
import { view } from '#protocol/bytes.ts';
import type { Radio, RadioListener } from './radio.ts';

// The keys of what NRF is handed: TO_TOY_UUID and FROM_TOY_UUID as NRF wants to read them.
const TO_TOY = '0xB0A1';
const FROM_TOY = '0xB0A2';
/** Largest notification: as much as NRF takes in one write. */
const MAX_VALUE_BYTES = 60;
const ADVERTISE_MS = 200;
/** What meets in the stack's buffers within one connection interval and is more than this gets lost without a word. */
const BURST_VALUES = 4;
const BURST_PAUSE_MS = 32;

/** Starts the radio, with the JavaScript console over BLE closed. */
export function startRadio(listener: RadioListener): Radio {
  let isConnected = false;
  let burst = 0;
  const empty = new Uint8Array(1);
  const notification: { value: Uint8Array; notify: true } = { value: empty, notify: true };
  const update: { [service: string]: { [characteristic: string]: typeof notification } } = {};
  const service: { [characteristic: string]: typeof notification } = {};
  service[FROM_TOY] = notification;
  update[SERVICE_UUID] = service;

  const characteristics: { [characteristic: string]: NrfCharacteristic } = {};
  characteristics[TO_TOY] = {
    writable: true,
    maxLen: MAX_VALUE_BYTES,
    onWrite: (event) => {
      if (isConnected) listener.received(new Uint8Array(event.data));
    },
  };
  characteristics[FROM_TOY] = { notify: true, maxLen: MAX_VALUE_BYTES, value: empty };
  const services: { [service: string]: { [characteristic: string]: NrfCharacteristic } } = {};
  services[SERVICE_UUID] = characteristics;

  function endBurst(): void {
    burst = 0;
    if (isConnected) listener.room();
  }

  NRF.on('connect', () => {
    if (isConnected) return;
    isConnected = true;
    listener.connected(0);
  });
  NRF.on('disconnect', () => {
    if (!isConnected) return;
    isConnected = false;
    listener.disconnected();
  });
  NRF.setServices(services, { uart: false });

  return {
    advertise: (data) => {
      NRF.setAdvertising(data, { interval: ADVERTISE_MS, showName: false });
    },
    send: (buffer, offset, length) => {
      // A record is one long burst, and whole only if none of its values is lost.
      if (!isConnected || burst === BURST_VALUES) return false;
      notification.value = view(buffer, offset, length);
      try {
        NRF.updateServices(update);
      } catch {
        // The bridge went away in between: lost, as any notification may be.
      }
      burst++;
      if (burst === BURST_VALUES) setTimeout(endBurst, BURST_PAUSE_MS);
      return true;
    },
    disconnect: () => {
      NRF.disconnect();
    },
  };
}
