// The phone's radio keeps the contract of every radio, over a browser's Bluetooth as it behaves towards pages.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ASSUMED_MTU } from '#app/radio/gatt-channel.ts';
import type { PhoneRadio } from '#app/radio/phone-radio.ts';
import { createWebBluetoothRadio } from '#app/radio/web-bluetooth.ts';
import { SERVICE_UUID } from '#protocol/ble/service.ts';
import { createMemoryAir, type MemoryAir } from '#test/air/memory-radio.ts';
import { radioContract } from '#test/contracts/radio.ts';
import { startScriptedToy } from '#test/contracts/scripted-toy.ts';
import { createFakeBluetooth, type FakeBluetooth } from './fake-bluetooth.ts';

radioContract('Web Bluetooth', async () => {
  const air = createMemoryAir({ mtu: ASSUMED_MTU, advertisingIntervalMs: 10 });
  const peripheral = air.createPeripheral();
  const toy = await startScriptedToy(peripheral);
  const radio = await createWebBluetoothRadio(createFakeBluetooth(air.createRadio()));
  await radio.choose();
  return {
    radio,
    mtu: ASSUMED_MTU,
    isChosen: true,
    setInRange: (isInRange) => air.setInRange(peripheral, isInRange),
    async close() {
      await toy.stop();
      air.close();
    },
  };
});

describe('the phone’s radio', () => {
  let air: MemoryAir;
  let bluetooth: FakeBluetooth;
  let radio: PhoneRadio;
  beforeEach(async () => {
    air = createMemoryAir({ advertisingIntervalMs: 10 });
    await startScriptedToy(air.createPeripheral());
    bluetooth = createFakeBluetooth(air.createRadio());
    radio = await createWebBluetoothRadio(bluetooth);
  });
  afterEach(() => air.close());

  it('asks for Pawpost toys and nothing else', async () => {
    expect(radio.knowsToys).toBe(false);
    expect(await radio.choose()).toBe(true);
    expect(radio.knowsToys).toBe(true);
    expect(bluetooth.asked).toEqual([
      { filters: [{ services: [SERVICE_UUID] }], optionalServices: [SERVICE_UUID] },
    ]);
  });

  it('knows what was chosen before, where the browser remembers', async () => {
    await radio.choose();
    const later = await createWebBluetoothRadio(bluetooth);
    expect(later.knowsToys).toBe(true);
    const { getDevices: _, ...forgetful } = bluetooth;
    expect((await createWebBluetoothRadio(forgetful)).knowsToys).toBe(false);
  });

  it('reports a toy that is chosen during a scan at once', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const scan = radio.scan(({ address }) => {
      seen.push(address);
      stop.abort();
    }, stop.signal);
    await radio.choose();
    await scan;
    expect(seen).toEqual(['memory-1']);
  });

  it('takes no for an answer', async () => {
    bluetooth.person = 'cancel';
    expect(await radio.choose()).toBe(false);
  });

  it('says what is wrong', async () => {
    bluetooth.person = 'forbid';
    await expect(radio.choose()).rejects.toMatchObject({ code: 'no-permission' });
    bluetooth.isOn = false;
    await expect(radio.choose()).rejects.toMatchObject({ code: 'no-adapter' });
    await expect(radio.scan(() => {}, new AbortController().signal)).rejects.toMatchObject({
      code: 'no-adapter',
    });
    await expect(radio.connect('never chosen', new AbortController().signal)).rejects.toMatchObject({
      code: 'out-of-range',
    });
  });
});
