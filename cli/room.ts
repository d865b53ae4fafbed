// The room that a simulated toy and a bridge share: the virtual air under the real BLE stacks, or, where bleno could not be built, memory.
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import type { Radio } from '#bridge/radio.ts';
import { BlenoUnavailable } from '#firmware/simulator/bleno.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import type { Peripheral } from '#firmware/simulator/peripheral.ts';
import { type Air, createAir } from '#test/air/air.ts';
import { blenoOver, nobleOver } from '#test/air/install.ts';
import type { AirOptions } from '#test/air/medium.ts';
import { createMemoryAir } from '#test/air/memory-radio.ts';
import type { AirListener } from '#test/air/packet.ts';

export interface RoomToy {
  peripheral: Peripheral;
  /** Carries the toy out of the room, or back. */
  setInRange(isInRange: boolean): void;
}

export interface Room {
  /** False: there is no BLE stack under it. */
  readonly isBluetooth: boolean;
  addToy(): RoomToy;
  addRadio(): Radio;
  /** Everything that is sent through the air. Returns what ends the listening. */
  onPacket(listener: AirListener): () => void;
  /** Null in memory. */
  readonly air: Air | null;
  close(): void;
}

/** `options` of the virtual air; 'memory' does without any BLE stack. */
export function createRoom(options: AirOptions | 'memory' = {}): Room {
  return options === 'memory' ? memoryRoom() : airRoom(options);
}

/** A room over the virtual air, or in memory where bleno is not installed; `told` hears which and why. */
export function bestRoom(options: AirOptions, told: (reason: string) => void): Room {
  const room = createRoom(options);
  try {
    room.addToy();
    room.close();
    return createRoom(options);
  } catch (error) {
    room.close();
    if (!(error instanceof BlenoUnavailable)) throw error;
    told(
      'bleno could not be built on this machine: toy and bridge are joined in memory, without the Bluetooth stacks',
    );
    return memoryRoom();
  }
}

function airRoom(options: AirOptions): Room {
  const air = createAir(options);
  return {
    isBluetooth: true,
    air,
    addToy() {
      const controller = air.addController();
      return {
        peripheral: createBlenoPeripheral(blenoOver(controller)),
        setInRange: (isInRange) => air.setInRange(controller, isInRange),
      };
    },
    addRadio() {
      const controller = air.addController();
      const radio = createNobleRadio({ bindings: nobleOver(controller) });
      return {
        ...radio,
        async close() {
          await radio.close();
          air.removeController(controller);
        },
      };
    },
    onPacket: air.onPacket,
    close: () => air.close(),
  };
}

function memoryRoom(): Room {
  const air = createMemoryAir();
  return {
    isBluetooth: false,
    air: null,
    addToy() {
      const peripheral = air.createPeripheral();
      return { peripheral, setInRange: (isInRange) => air.setInRange(peripheral, isInRange) };
    },
    addRadio: () => air.createRadio(),
    onPacket: air.onPacket,
    close: () => air.close(),
  };
}
