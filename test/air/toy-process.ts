// A scripted toy in a process of its own, on the air that is served at the path in argv. Ends when its air does.
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import { startScriptedToy } from '#test/contracts/scripted-toy.ts';
import { connectHciPort } from './h4.ts';
import { blenoOver } from './install.ts';

const path = process.argv[2];
if (path === undefined) throw new Error('usage: toy-process.ts <unix socket of the air>');
const port = await connectHciPort(path);
port.attach({ packet: () => {}, state: () => process.exit(0) });
await startScriptedToy(createBlenoPeripheral(blenoOver(port)));
process.send?.('advertising');
