// Which radio a command uses: the adapter of this machine, or a virtual air that another process serves.
import type { Command } from 'commander';
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import type { Radio } from '#bridge/radio.ts';
import { connectHciPort } from '#test/air/h4.ts';
import { nobleOver } from '#test/air/install.ts';
import { CommandError } from './failure.ts';

export interface RadioOptions {
  air?: string;
}

/** Adds `--air` to a command that needs a radio. */
export function withRadio(command: Command): Command {
  return command.option(
    '--air <socket>',
    'use the virtual air that "toy simulate" serves there, not this machine’s adapter',
  );
}

/** @throws CommandError if nobody serves an air there. What the adapter says, it says when it is used. */
export async function radioOf({ air }: RadioOptions): Promise<Radio> {
  if (air === undefined) return createNobleRadio();
  const port = await connectHciPort(air).catch(() => {
    throw new CommandError(`no air at ${air}`, 'Start "toy simulate" with the same --air first.');
  });
  const radio = createNobleRadio({ bindings: nobleOver(port) });
  return {
    ...radio,
    async close() {
      await radio.close();
      port.close();
    },
  };
}
