// `pawpost`: the command line. One file a command, loaded when it is asked for: together they are half the project.
import { Command } from 'commander';
import { report } from './failure.ts';

const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./start.ts')).addStart,
  demo: async () => (await import('./demo.ts')).addDemo,
  relay: async () => (await import('./relay.ts')).addRelay,
  family: async () => (await import('./family.ts')).addFamily,
  device: async () => (await import('./device.ts')).addDevice,
  bridge: async () => (await import('./bridge.ts')).addBridge,
  toy: async () => (await import('./toy.ts')).addToy,
  app: async () => (await import('./app.ts')).addApp,
};

const program = new Command('pawpost')
  .description('A message you can hug, and only your family can open.')
  .showHelpAfterError('Run with --help to see what there is.');
const asked = Object.entries(COMMANDS).find(([name]) => name === process.argv[2]);
for (const load of asked === undefined ? Object.values(COMMANDS) : [asked[1]]) (await load())(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// The BLE stacks keep timers of their own that would hold the process: everything of ours has been closed by now.
process.exit();
