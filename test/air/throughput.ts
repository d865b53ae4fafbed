// Measures what the modelled radio lets through between the real stacks, in simulated time: for the benchmark, and to judge the link by.
import { createNobleRadio } from '#bridge/node/noble-radio.ts';
import { createBlenoPeripheral } from '#firmware/simulator/bleno-peripheral.ts';
import { encodeAdvertisement } from '#protocol/ble/advertisement.ts';
import { createAir } from './air.ts';
import { blenoOver, nobleOver } from './install.ts';
import type { AirOptions } from './medium.ts';

const VALUES = 400;
const TOY = '02:00:00:00:00:0a';

/** KiB of ATT values per simulated second, and what the radio did for them. */
export interface Throughput {
  mtu: number;
  toToyKiBps: number;
  fromToyKiBps: number;
  lostPackets: number;
  packets: number;
}

/** Sends 400 values of the largest size each way over a `virtual` air. Deterministic but for how the hosts' event loops interleave. */
export async function measureThroughput(options: Omit<AirOptions, 'timing'>): Promise<Throughput> {
  const air = createAir({ advertisingIntervalMs: 5, ...options, timing: 'virtual' });
  const toy = createBlenoPeripheral(blenoOver(air.addController(TOY)));
  const toyArrival = createCounter();
  let waiting = 0;
  let value = new Uint8Array(0);
  const drain = () => {
    while (waiting > 0 && toy.notify(value)) waiting -= 1;
  };
  await toy.start({ subscribed() {}, written: toyArrival.count, room: drain, disconnected() {} });
  toy.advertise(encodeAdvertisement(new Uint8Array(2), new Uint8Array(4)));

  const radio = createNobleRadio({ bindings: nobleOver(air.addController()) });
  const channel = await radio.connect(TOY.replaceAll(':', ''), new AbortController().signal);
  const bridgeArrival = createCounter();
  channel.onValue(bridgeArrival.count);
  const statistics = air.connections()[0]!;
  value = new Uint8Array(channel.mtu - 3).fill(7);

  const measure = async (send: () => void, arrived: Promise<void>): Promise<number> => {
    const beganUs = statistics.activeUs;
    send();
    await arrived;
    return (VALUES * value.length) / 1024 / ((statistics.activeUs - beganUs) / 1e6);
  };
  const toToyKiBps = await measure(() => {
    for (let sent = 0; sent < VALUES; sent++) void channel.send(value);
  }, toyArrival.reached);
  const fromToyKiBps = await measure(() => {
    waiting = VALUES;
    drain();
  }, bridgeArrival.reached);

  const { lostPackets, packets } = statistics;
  await radio.close();
  await toy.stop();
  air.close();
  return { mtu: channel.mtu, toToyKiBps, fromToyKiBps, lostPackets, packets };
}

function createCounter(): { count(): void; reached: Promise<void> } {
  let arrived = 0;
  let resolveReached = () => {};
  const reached = new Promise<void>((resolve) => {
    resolveReached = resolve;
  });
  return {
    count() {
      arrived += 1;
      if (arrived === VALUES) resolveReached();
    },
    reached,
  };
}
