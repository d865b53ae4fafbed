// A room whose toys run the real bleno and whose bridges run the real noble, over the virtual air.
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import type { Peripheral } from '#firmware/simulator/peripheral.ts';
import { createAir } from './air.ts';
import type { Controller } from './controller.ts';
import { blenoOver, nobleOver } from './install.ts';
import type { AirOptions } from './medium.ts';
import type { Room } from './room.ts';

/** Throws when noble or bleno is not installed; so it is known before there is a toy. */
export function createStackRoom(options: AirOptions = {}): Room {
  const air = createAir(options);
  const controllers = new Map<Peripheral, Controller>();
  const probe = air.addController();
  nobleOver(probe);
  createBlenoPeripheral(blenoOver(probe));
  air.removeController(probe);
  return {
    createPeripheral(address) {
      const controller = air.addController(address);
      const peripheral = createBlenoPeripheral(blenoOver(controller));
      controllers.set(peripheral, controller);
      return peripheral;
    },
    createRadio: () => createNobleRadio({ bindings: nobleOver(air.addController()) }),
    setInRange(peripheral, isInRange) {
      const controller = controllers.get(peripheral);
      if (controller === undefined) throw new Error('this peripheral is not of this air');
      air.setInRange(controller, isInRange);
    },
    onPacket: air.onPacket,
    close: air.close,
  };
}
