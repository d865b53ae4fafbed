// The in-memory radio keeps the contract, and loses by seed.
import { expect, test } from 'vitest';
import { encodeAdvertisement } from '#protocol/ble/advertisement.ts';
import { radioContract } from '#test/contracts/radio.ts';
import { startScriptedToy } from '#test/contracts/scripted-toy.ts';
import { createMemoryAir } from './memory-radio.ts';

for (const { mtu, isChosen } of [
  { mtu: 247, isChosen: false },
  { mtu: 23, isChosen: false },
  { mtu: 247, isChosen: true },
]) {
  radioContract(`memory, MTU ${mtu}${isChosen ? ', chosen by a person' : ''}`, async () => {
    const air = createMemoryAir({ mtu, advertisingIntervalMs: 10 });
    const peripheral = air.createPeripheral();
    const toy = await startScriptedToy(peripheral);
    return {
      radio: air.createRadio({ hearsAdvertisements: !isChosen }),
      isChosen,
      mtu,
      setInRange: (isInRange) => air.setInRange(peripheral, isInRange),
      async close() {
        await toy.stop();
        air.close();
      },
    };
  });
}

async function survivors(seed: number): Promise<number[]> {
  const air = createMemoryAir({ loss: 0.3, seed });
  const arrived: number[] = [];
  const peripheral = air.createPeripheral('toy');
  await peripheral.start({
    subscribed() {},
    written: (value) => arrived.push(value[0]!),
    room() {},
    disconnected() {},
  });
  peripheral.advertise(encodeAdvertisement(new Uint8Array(2), new Uint8Array(4)));
  const channel = await air.createRadio().connect('toy', new AbortController().signal);
  for (let number = 0; number < 100; number++) await channel.send(Uint8Array.of(number));
  await new Promise(setImmediate);
  air.close();
  return arrived;
}

test('loses the same values with the same seed, and others with another', async () => {
  const first = await survivors(7);
  expect(await survivors(7)).toEqual(first);
  expect(await survivors(8)).not.toEqual(first);
  expect(first.length).toBeGreaterThan(50);
  expect(first.length).toBeLessThan(90);
});

test('the tap shows advertisements and values of both directions', async () => {
  const air = createMemoryAir();
  const heard: string[] = [];
  air.onPacket((packet) =>
    heard.push(`${packet.kind} ${packet.from}>${packet.to} ${Buffer.from(packet.bytes).toString('hex')}`),
  );
  const peripheral = air.createPeripheral('toy');
  await peripheral.start({
    subscribed: () => peripheral.notify(Uint8Array.of(1, 2)),
    written() {},
    room() {},
    disconnected() {},
  });
  const advertisement = encodeAdvertisement(Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5, 6));
  peripheral.advertise(advertisement);
  const channel = await air.createRadio().connect('toy', new AbortController().signal);
  await channel.send(Uint8Array.of(9));
  air.close();
  expect(heard).toContain(`advertisement toy> ${Buffer.from(advertisement).toString('hex')}`);
  expect(heard).toContain('value toy>memory-bridge 0102');
  expect(heard).toContain('value memory-bridge>toy 09');
});
