// A room whose virtual air bridges in other processes share, over a unix socket.

import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import type { Radio } from '#bridge/radio.ts';
import type { Room } from '#cli/room.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import { blenoOver, nobleOver } from '#test/air/install.ts';
import { createAirServer } from '#test/air/server.ts';

/** The air is served at `path`; `close` of the room ends it. */
export async function serveRoom(path: string): Promise<Room> {
  const server = await createAirServer(path, { timing: 'realtime' });
  const { air } = server;
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
    addRadio(): Radio {
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
    close: () => void server.close(),
  };
}
