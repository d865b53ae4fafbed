// The virtual air: put in place of the kernel's Bluetooth, so that the real BLE host stacks run without hardware.
import type { ConnectionStatistics } from './connection.ts';
import { Connection } from './connection.ts';
import { Controller } from './controller.ts';
import { type AirOptions, Medium } from './medium.ts';
import type { AirListener } from './packet.ts';

export interface Air {
  /** A new controller, one for each host stack. `address` such as `02:00:00:00:00:01`; made up when left out. */
  addController(address?: string): Controller;
  /** Takes a controller out of the air; its peers lose their connections. */
  removeController(controller: Controller): void;
  /** Away: every packet to and from it is lost, and its connections die by supervision timeout. */
  setInRange(controller: Controller, isInRange: boolean): void;
  /** Everything that is sent, as an antenna hears it. Returns what ends the listening. */
  onPacket(listener: AirListener): () => void;
  /** Microseconds since the air began: modelled when `virtual`, of the wall clock otherwise. */
  now(): number;
  /** The open connections' statistics, live objects. */
  connections(): ConnectionStatistics[];
  close(): void;
}

export function createAir(options: AirOptions = {}): Air {
  const medium = new Medium(options);
  const controllers = new Set<Controller>();
  let added = 0;

  function removeController(controller: Controller): void {
    controller.powerOff();
    controllers.delete(controller);
  }

  return {
    addController(address) {
      added += 1;
      const number = added.toString(16).padStart(4, '0');
      // Bit 1 of the first byte: locally administered, nobody's.
      const controller = new Controller(
        medium,
        controllers,
        address ?? `02:00:00:00:${number.slice(0, 2)}:${number.slice(2)}`,
      );
      controllers.add(controller);
      return controller;
    },
    removeController,
    setInRange: (controller, isInRange) => medium.setInRange(controller, isInRange),
    onPacket: (listener) => medium.tap.add(listener),
    now: () => medium.now(),
    connections: () =>
      [...medium.connections].filter((each) => each instanceof Connection).map((each) => each.statistics),
    close() {
      for (const controller of [...controllers]) removeController(controller);
    },
  };
}
