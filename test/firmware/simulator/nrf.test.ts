// The simulated NRF does to a program what Espruino on an ESP32 does, and with quirks off it does not.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '#firmware/simulator/clock.ts';
import { createLife } from '#firmware/simulator/life.ts';
import { createNrf } from '#firmware/simulator/nrf.ts';
import { SERVICE_UUID } from '#protocol/ble/service.ts';
import { createChance } from '#test/air/chance.ts';
import { createFakePeripheral } from './fake-peripheral.ts';

function createWorld(quirks: boolean) {
  const clock = createVirtualClock();
  const errors: Error[] = [];
  const life = createLife(clock, (error) => errors.push(error));
  const peripheral = createFakePeripheral();
  const reboots: string[] = [];
  const { functions: NRF, handlers } = createNrf(life, {
    peripheral,
    nowMs: clock.now,
    random: createChance(5),
    quirks,
    reboot: (reason) => reboots.push(reason),
  });
  peripheral.handlers = handlers;
  const written: Uint8Array[] = [];
  const onWrite = ({ data }: { data: ArrayBuffer }) => written.push(new Uint8Array(data));
  const open = () =>
    NRF.setServices(
      { [SERVICE_UUID]: { '0xB0A1': { onWrite }, '0xB0A2': { notify: true } } },
      { uart: false },
    );
  const notify = (value: Uint8Array) =>
    NRF.updateServices({ [SERVICE_UUID]: { '0xB0A2': { value, notify: true } } });
  return { clock, life, peripheral, NRF, reboots, written, onWrite, open, notify, errors };
}

describe('NRF with its quirks', () => {
  it('reboots on a write of more than 60 bytes', async () => {
    const { clock, peripheral, open, written, reboots } = createWorld(true);
    open();
    peripheral.subscribe(247);
    peripheral.write(new Uint8Array(60).fill(3));
    await clock.advance(10);
    expect(written).toEqual([new Uint8Array(60).fill(3)]);
    peripheral.write(new Uint8Array(61));
    expect(reboots).toEqual(['a write of 61 bytes']);
  });

  it('loses part of a burst of writes without a word, and none that come slowly', async () => {
    const { clock, peripheral, open, written } = createWorld(true);
    open();
    peripheral.subscribe(247);
    for (let i = 0; i < 44; i++) peripheral.write(new Uint8Array([i]));
    await clock.advance(1000);
    expect(written.length).toBeGreaterThan(33);
    expect(written.length).toBeLessThan(44);
    const order = written.map((value) => value[0]!);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    written.length = 0;
    for (let i = 0; i < 44; i++) {
      peripheral.write(new Uint8Array([i]));
      await clock.advance(5);
    }
    expect(written.length).toBe(44);
  });

  it('has an event queue of 4096 bytes', async () => {
    const { clock, peripheral, open, written } = createWorld(true);
    open();
    peripheral.subscribe(247);
    for (let i = 0; i < 200; i++) peripheral.write(new Uint8Array(60));
    await clock.advance(1000);
    expect(written.length).toBe(Math.floor(4096 / 64));
  });

  it('loses part of a burst of notifications, and all that meet congestion, without a word', async () => {
    const { clock, peripheral, open, notify } = createWorld(true);
    open();
    notify(new Uint8Array([0]));
    peripheral.subscribe(247);
    for (let i = 0; i < 40; i++) notify(new Uint8Array([i]));
    expect(peripheral.notified.length).toBeGreaterThan(25);
    expect(peripheral.notified.length).toBeLessThan(40);
    peripheral.notified.length = 0;
    await clock.advance(100);
    peripheral.isFull = true;
    notify(new Uint8Array([1]));
    peripheral.isFull = false;
    notify(new Uint8Array([2]));
    expect(peripheral.notified).toEqual([new Uint8Array([2])]);
  });

  it('fires connect and disconnect once for each service', async () => {
    const { clock, peripheral, NRF } = createWorld(true);
    const log: string[] = [];
    NRF.setServices({ [SERVICE_UUID]: {}, feed: {} }, { uart: false });
    NRF.on('connect', () => log.push('connect'));
    NRF.on('disconnect', () => log.push('disconnect'));
    peripheral.subscribe(247);
    await clock.advance(1);
    NRF.disconnect();
    await clock.advance(1);
    expect(log).toEqual(['connect', 'connect', 'disconnect', 'disconnect']);
  });

  it('cuts 128-bit characteristics to 16 bits and cannot notify them', async () => {
    const { clock, peripheral, NRF, written, onWrite } = createWorld(true);
    NRF.setServices(
      { [SERVICE_UUID]: { 'a0b4b0a1-0000-0000-0000-000000000000': { onWrite } } },
      { uart: false },
    );
    peripheral.subscribe(247);
    peripheral.write(new Uint8Array([1]));
    await clock.advance(10);
    expect(written.length).toBe(1);
    const characteristic = {
      'a0b4b0a2-0000-0000-0000-000000000000': { value: new Uint8Array(1), notify: true },
    };
    expect(() => NRF.updateServices({ [SERVICE_UUID]: characteristic })).toThrow('Unable to find service');
  });

  it('ignores setServices while connected, takes 31 bytes of advertisement and no open console', async () => {
    const { clock, peripheral, NRF, open, written } = createWorld(true);
    open();
    peripheral.subscribe(247);
    NRF.setServices({}, { uart: false });
    peripheral.write(new Uint8Array([1]));
    await clock.advance(10);
    expect(written.length).toBe(1);
    NRF.setAdvertising(new Uint8Array(31));
    expect(() => NRF.setAdvertising(new Uint8Array(32))).toThrow('too long');
    peripheral.leave();
    expect(() => NRF.setServices({})).toThrow('console');
  });
});

describe('NRF without its quirks', () => {
  it('loses nothing, takes long writes and fires once', async () => {
    const { clock, peripheral, open, NRF, notify, written, reboots } = createWorld(false);
    let connects = 0;
    open();
    NRF.on('connect', () => connects++);
    peripheral.subscribe(247);
    for (let i = 0; i < 100; i++) peripheral.write(new Uint8Array(244));
    for (let i = 0; i < 100; i++) notify(new Uint8Array([i]));
    await clock.advance(1);
    expect([connects, written.length, peripheral.notified.length, reboots]).toEqual([1, 100, 100, []]);
  });
});
