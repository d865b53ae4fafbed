// The room of `npm start`: real stacks where they are installed, memory where they are not, and the same to those inside.
import { expect, test } from 'vitest';
import { BlenoUnavailable } from '#firmware/simulator/bleno.ts';
import { radioContract } from '#test/contracts/radio.ts';
import { startScriptedToy } from '#test/contracts/scripted-toy.ts';
import { type OpenedRoom, openRoom } from './open-room.ts';

const withoutStacks = () =>
  openRoom({ advertisingIntervalMs: 10 }, () => {
    throw new BlenoUnavailable('not-installed', null);
  });

function runContract(name: string, open: () => OpenedRoom): void {
  radioContract(name, async () => {
    const { room } = open();
    const peripheral = room.createPeripheral();
    const toy = await startScriptedToy(peripheral);
    return {
      radio: room.createRadio(),
      mtu: 247,
      setInRange: (isInRange) => room.setInRange(peripheral, isInRange),
      async close() {
        await toy.stop();
        room.close();
      },
    };
  });
}

runContract('a room without the stacks', withoutStacks);

test('says in words why it is in memory', () => {
  const { room, notice } = withoutStacks();
  expect(notice).toContain('bleno could not be installed');
  expect(notice).toContain('memory');
  room.close();
});

test('has nothing to say where the stacks are installed', async () => {
  const { room, notice } = openRoom({ advertisingIntervalMs: 10 });
  expect(notice).toBeNull();
  const peripheral = room.createPeripheral('02:00:00:00:00:0a');
  const toy = await startScriptedToy(peripheral);
  const radio = room.createRadio();
  const channel = await radio.connect('02000000000a', new AbortController().signal);
  const closed = new Promise<void>((resolve) => channel.onClose(resolve));
  room.setInRange(peripheral, false);
  await closed;
  expect(() => room.setInRange({ ...peripheral }, true)).toThrow('not of this air');
  await radio.close();
  await toy.stop();
  room.close();
});
