// `pawpost`: the command line. One file a command.
import { Command } from 'commander';
import { addBridge } from './bridge.ts';
import { addDemo } from './demo.ts';
import { addDevice } from './device.ts';
import { report } from './failure.ts';
import { addFamily } from './family.ts';
import { addRelay } from './relay.ts';
import { addStart } from './start.ts';
import { addToy } from './toy.ts';

const program = new Command('pawpost')
  .description('A message you can hug, and only your family can open.')
  .showHelpAfterError('Run with --help to see what there is.');
addStart(program);
addDemo(program);
addRelay(program);
addFamily(program);
addDevice(program);
addBridge(program);
addToy(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// The BLE stacks keep timers of their own that would hold the process: everything of ours has been closed by now.
process.exit();
