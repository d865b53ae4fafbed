// A peripheral with a central on a string: what tests of the simulator's two radios pull.
import type { Peripheral, PeripheralHandlers } from '#firmware/simulator/peripheral.ts';

export interface FakePeripheral extends Peripheral {
  handlers: PeripheralHandlers | null;
  /** True: notify says there is no room. */
  isFull: boolean;
  readonly notified: Uint8Array[];
  readonly advertised: Uint8Array[];
  disconnects: number;
  /** A central connects and subscribes. */
  subscribe(mtu: number): void;
  write(value: Uint8Array): void;
  leave(): void;
}

export function createFakePeripheral(): FakePeripheral {
  let isConnected = false;
  const fake: FakePeripheral = {
    handlers: null,
    isFull: false,
    notified: [],
    advertised: [],
    disconnects: 0,
    start: async (handlers) => {
      fake.handlers = handlers;
    },
    advertise: (data) => {
      fake.advertised.push(data);
    },
    notify: (value) => {
      if (fake.isFull || !isConnected) return false;
      fake.notified.push(value);
      return true;
    },
    disconnect: () => {
      fake.disconnects++;
      fake.leave();
    },
    stop: async () => {
      fake.leave();
      fake.handlers = null;
    },
    subscribe: (mtu) => {
      isConnected = true;
      fake.handlers?.subscribed(mtu);
    },
    write: (value) => fake.handlers?.written(value),
    leave: () => {
      if (!isConnected) return;
      isConnected = false;
      fake.handlers?.disconnected();
    },
  };
  return fake;
}
