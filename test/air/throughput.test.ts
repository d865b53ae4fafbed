// The radio model lets through what arithmetic and measurements on real radios say (Core specification, volume 6, part B).
import { expect, test } from 'vitest';
import { measureThroughput } from './throughput.ts';

// 244 bytes of value in 251 of payload: 2088 us + 150 + 80 (empty packet) + 150 = 2468 us a pair.
const LE_1M_KIBPS = 244 / 1024 / 2468e-6;
// 2M: 1048 + 150 + 44 + 150.
const LE_2M_KIBPS = 244 / 1024 / 1392e-6;

test('LE 1M comes within a tenth of its ceiling at any interval, and never above it', async () => {
  for (const intervalMs of [7.5, 15, 30]) {
    const { toToyKiBps, fromToyKiBps } = await measureThroughput({ intervalMs });
    for (const speed of [toToyKiBps, fromToyKiBps]) {
      expect(speed).toBeGreaterThan(LE_1M_KIBPS * 0.9);
      expect(speed).toBeLessThanOrEqual(LE_1M_KIBPS);
    }
  }
});

test('LE 2M is faster, within its ceiling', async () => {
  const { toToyKiBps, fromToyKiBps } = await measureThroughput({ intervalMs: 30, phyMbit: 2 });
  for (const speed of [toToyKiBps, fromToyKiBps]) {
    expect(speed).toBeGreaterThan(LE_1M_KIBPS * 1.3);
    expect(speed).toBeLessThanOrEqual(LE_2M_KIBPS);
  }
});

test('four pairs an event at 30 ms are four values an event', async () => {
  const ceiling = (4 * 244) / 1024 / 30e-3;
  const { toToyKiBps, fromToyKiBps } = await measureThroughput({ intervalMs: 30, packetsPerEvent: 4 });
  for (const speed of [toToyKiBps, fromToyKiBps]) {
    expect(speed).toBeGreaterThan(ceiling * 0.95);
    expect(speed).toBeLessThanOrEqual(ceiling);
  }
});

test('loss costs time and no values', async () => {
  const lossy = await measureThroughput({ intervalMs: 15, loss: 0.02 });
  expect(lossy.lostPackets).toBeGreaterThan(0);
  expect(lossy.toToyKiBps).toBeLessThan(LE_1M_KIBPS);
  expect(lossy.toToyKiBps).toBeGreaterThan(LE_1M_KIBPS * 0.75);
});
