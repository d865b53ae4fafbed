// A browser's Bluetooth as pages see it, over any Radio: one GATT operation at a time, events, and errors by their DOM names.
import type { BrowserBluetooth } from '#app/radio/web-bluetooth.ts';
import type { Channel, Radio } from '#bridge/radio.ts';
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';

export interface FakeBluetooth extends BrowserBluetooth {
  /** What the person does with the chooser; 'choose' takes the first toy that shows up. */
  person: 'choose' | 'cancel' | 'forbid';
  isOn: boolean;
  /** What `requestDevice` was asked for. */
  asked: RequestDeviceOptions[];
}

export function createFakeBluetooth(radio: Radio): FakeBluetooth {
  const granted = new Map<string, BluetoothDevice>();
  const fake: FakeBluetooth = {
    person: 'choose',
    isOn: true,
    asked: [],
    getAvailability: async () => fake.isOn,
    getDevices: async () => [...granted.values()],
    async requestDevice(options) {
      fake.asked.push(options!);
      if (fake.person === 'cancel') throw new DOMException('User cancelled', 'NotFoundError');
      if (fake.person === 'forbid') throw new DOMException('not allowed', 'SecurityError');
      const found = new AbortController();
      let address = '';
      await radio.scan((sighting) => {
        address = sighting.address;
        found.abort();
      }, found.signal);
      const device = granted.get(address) ?? createDevice(radio, address);
      granted.set(address, device);
      return device;
    },
  };
  return fake;
}

function createDevice(radio: Radio, address: string): BluetoothDevice {
  const device = new EventTarget();
  let channel: Channel | null = null;
  let attempt = new AbortController();

  function requireConnected(): Channel {
    if (channel === null) throw new DOMException('GATT Server is disconnected', 'NetworkError');
    return channel;
  }

  const gatt = {
    get connected() {
      return channel !== null;
    },
    async connect() {
      attempt = new AbortController();
      try {
        channel = await radio.connect(address, attempt.signal);
      } catch (error) {
        throw new DOMException(String(error), 'NetworkError');
      }
      channel.onClose(() => {
        channel = null;
        device.dispatchEvent(new Event('gattserverdisconnected'));
      });
      return gatt;
    },
    disconnect() {
      attempt.abort();
      void channel?.close();
    },
    async getPrimaryService(uuid: string) {
      requireConnected();
      if (uuid !== SERVICE_UUID) throw new DOMException('no such service', 'NotFoundError');
      return { getCharacteristic: async (which: number) => characteristics.get(which)! };
    },
  };

  const fromToy = Object.assign(new EventTarget(), {
    value: undefined as DataView | undefined,
    async startNotifications() {
      requireConnected().onValue((value) => {
        // Somewhere in a larger buffer, as it may be in a browser.
        const larger = new Uint8Array(value.length + 8);
        larger.set(value, 4);
        fromToy.value = new DataView(larger.buffer, 4, value.length);
        fromToy.dispatchEvent(new Event('characteristicvaluechanged'));
      });
    },
  });
  let isWriting = false;
  const toToy = {
    async writeValueWithoutResponse(value: Uint8Array) {
      if (isWriting) throw new DOMException('GATT operation already in progress.', 'NetworkError');
      isWriting = true;
      try {
        await requireConnected().send(Uint8Array.from(value));
        // The answer of the browser's process.
        await new Promise(setImmediate);
      } finally {
        isWriting = false;
      }
    },
  };
  const characteristics = new Map<number, unknown>([
    [FROM_TOY_UUID, fromToy],
    [TO_TOY_UUID, toToy],
  ]);
  return Object.assign(device, { id: address, gatt }) as unknown as BluetoothDevice;
}
