// Puts the virtual air under the real BLE host stacks, which are not changed by a byte.
import { createRequire } from 'node:module';
import type { NobleBindings } from '#bridge/node/noble.ts';
import type { HciPort } from './hci-port.ts';
import { type HciSocketClass, hciSocketOver } from './hci-socket.ts';

const require = createRequire(import.meta.url);
const NOBLE_DRIVERS = '@stoprocent/bluetooth-hci-socket';

/** Marks what noble is given as its driver when it shall run over a port. */
class PortDriver {
  readonly socket: HciSocketClass;
  constructor(port: HciPort) {
    this.socket = hciSocketOver(port);
  }
}

interface NobleDrivers {
  loadDriver: { (driver: unknown): unknown; isOfAir?: true };
}

/**
 * Bindings with which `createNobleRadio` runs over `port`. noble asks one exported function for its socket class and keeps a reference
 * to it when it is first loaded, so this must come before any other use of noble in the process.
 * Throws when noble is not installed.
 */
export function nobleOver(port: HciPort): NobleBindings {
  const drivers = require(NOBLE_DRIVERS) as NobleDrivers;
  if (drivers.loadDriver.isOfAir !== true) {
    if (
      Object.keys(require.cache).some((file) =>
        /@stoprocent[\\/]noble[\\/]lib[\\/]hci-socket[\\/]hci\.js$/.test(file),
      )
    )
      throw new Error('noble has been loaded before the virtual air');
    const loadDriver = drivers.loadDriver;
    drivers.loadDriver = (driver) => (driver instanceof PortDriver ? driver.socket : loadDriver(driver));
    drivers.loadDriver.isOfAir = true;
  }
  return { type: 'hci', options: { hciDriver: new PortDriver(port) } };
}

/** The socket class with which `createBlenoPeripheral` runs over `port`. */
export function blenoOver(port: HciPort): { hciSocket: HciSocketClass } {
  return { hciSocket: hciSocketOver(port) };
}
