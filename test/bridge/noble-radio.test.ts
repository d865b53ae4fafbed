// The bridge's radio over the real noble, against the toy's over the real bleno, on the virtual air: in one process and between two.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import { createAir } from '#test/air/air.ts';
import { connectHciPort } from '#test/air/h4.ts';
import { blenoOver, nobleOver } from '#test/air/install.ts';
import { createAirServer } from '#test/air/server.ts';
import { radioContract } from '#test/contracts/radio.ts';
import { startScriptedToy } from '#test/contracts/scripted-toy.ts';

const MTU = 247;
/** Long enough for any advertisement, short enough to wait for in vain. */
const CONNECT_TIMEOUT_MS = 1_500;
const AIRS = { instant: {}, virtual: { timing: 'virtual', loss: 0.02, packetsPerEvent: 4 } } as const;

for (const [name, options] of Object.entries(AIRS)) {
  radioContract(`noble and bleno, ${name} air`, async () => {
    const air = createAir({ advertisingIntervalMs: 10, ...options });
    const controller = air.addController();
    const toy = await startScriptedToy(createBlenoPeripheral(blenoOver(controller)));
    const bindings = nobleOver(air.addController());
    return {
      radio: createNobleRadio({ bindings, connectTimeoutMs: CONNECT_TIMEOUT_MS }),
      mtu: MTU,
      setInRange: (isInRange) => air.setInRange(controller, isInRange),
      async close() {
        await toy.stop();
        air.close();
      },
    };
  });
}

radioContract('noble and bleno, two processes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-air-'));
  const path = join(folder, 'air');
  const server = await createAirServer(path, { advertisingIntervalMs: 10 });
  const child = fork(fileURLToPath(new URL('../air/toy-process.ts', import.meta.url)), [path], {
    execArgv: ['--import', 'tsx'],
  });
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the toy's process ended with ${code}`)));
  });
  const [controller] = server.controllers();
  const port = await connectHciPort(path);
  return {
    radio: createNobleRadio({ bindings: nobleOver(port), connectTimeoutMs: CONNECT_TIMEOUT_MS }),
    mtu: MTU,
    setInRange: (isInRange) => server.air.setInRange(controller!, isInRange),
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      port.close();
      await server.close();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
});
