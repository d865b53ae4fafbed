// A child's voice through the shipped program: from the paw to a bridge that can open it, near or far, whole or cut by a power cut.
import { describe, expect, it } from 'vitest';
import { CONTEXT_CLIP } from '#firmware/clip-key.ts';
import { MAX_CLIP_MS } from '#protocol/audio/stream.ts';
import { SLOT_CLIP, SLOT_SCRATCH, SLOT_SHARED } from '#protocol/link/primitives.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { CLIP_SECRET, openHouse } from './house.ts';
import type { Taken } from './near-bridge.ts';

/** Opens a recording as the family's devices do; the packet stream. */
function openRecording({ id, ephemeral, chunks, end }: Taken): Uint8Array {
  const primitives = createPrimitives();
  const clipKey = new Uint8Array(32);
  primitives.load(SLOT_SCRATCH, CLIP_SECRET);
  primitives.publicKey(SLOT_SCRATCH, clipKey);
  primitives.dh(SLOT_SCRATCH, ephemeral, SLOT_SHARED);
  const bound = Buffer.concat([id, ephemeral, clipKey]);
  primitives.derive(SLOT_CLIP, SLOT_SHARED, Buffer.from(CONTEXT_CLIP), bound);
  const opened = chunks.map((sealed, index) => {
    const chunk = sealed.slice();
    expect(primitives.open(SLOT_CLIP, index, new Uint8Array(0), chunk, 0, chunk.length)).toBe(true);
    return chunk.subarray(0, 992);
  });
  expect(sodium.crypto_generichash(32, Buffer.concat(chunks), null)).toEqual(new Uint8Array(end!.hash));
  return Buffer.concat(opened).subarray(0, end!.bytes);
}

/** Packets of a stream; throws if the last is cut. */
function countPackets(stream: Uint8Array): number {
  let at = 0;
  let packets = 0;
  while (at < stream.length) {
    const low = stream[at]!;
    at += low < 128 ? 1 + low : 2 + (low & 127) + (stream[at + 1]! << 7);
    packets++;
  }
  expect(at).toBe(stream.length);
  return packets;
}

describe('a recording', () => {
  it('reaches a bridge that is near while it is being made', async () => {
    const house = await openHouse();
    await house.pair();
    await house.connect();
    house.toy.press();
    await house.pass(3000);
    expect(house.toy.heart.isLit).toBe(true);
    expect(house.bridge.taken[0]!.chunks.length).toBeGreaterThan(2);
    house.toy.release();
    await house.pass(1000);
    const [taken] = house.bridge.taken;
    expect(taken!.end).not.toBeNull();
    const stream = openRecording(taken!);
    expect(countPackets(stream)).toBe(taken!.end!.packets);
    // From the touch, not from the half second after it; one packet more flushes the codec.
    expect(taken!.end!.durationMs).toBeGreaterThanOrEqual(2940);
    expect(taken!.end!.durationMs).toBeLessThanOrEqual(3120);
    expect(house.toy.errors).toEqual([]);
  });

  it('waits for a bridge, and ends after a minute by itself', async () => {
    const house = await openHouse();
    await house.pair();
    house.bridge.connect();
    house.peripheral.leave();
    house.toy.press();
    await house.pass(62_000);
    expect(house.toy.heart.isLit).toBe(false);
    house.toy.release();
    await house.pass(1000);
    await house.connect();
    await house.pass(4000);
    const [taken] = house.bridge.taken;
    const { packets, durationMs } = taken!.end!;
    expect(durationMs).toBeGreaterThanOrEqual(59_700);
    expect(durationMs).toBeLessThanOrEqual(MAX_CLIP_MS);
    expect(countPackets(openRecording(taken!))).toBe(packets);
    expect(house.toy.errors).toEqual([]);
  });

  it('does not begin for a tap, nor without consent', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    // A new toy erases its slots when it is idle.
    await house.pass(20_000);
    const before = house.toy.flash.operations;
    await house.tap();
    await house.pass(1000);
    expect(house.toy.flash.operations).toBe(before);
    await house.connect();
    house.sendPolicy(house.policy({ hasConsent: false, counter: 2 }));
    await house.pass(500);
    await house.hold(2000);
    await house.pass(3000);
    expect(house.bridge.taken).toEqual([]);
    expect(house.toy.events.filter((event) => event.kind === 'microphone')).toHaveLength(2);
    expect(house.toy.errors).toEqual([]);
  });

  it('survives a power cut as far as its last whole chunk', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    house.toy.press();
    await house.pass(4000);
    await house.toy.powerCut();
    house.toy.release();
    await house.toy.start();
    await house.pass(500);
    await house.connect();
    await house.pass(2000);
    const [taken] = house.bridge.taken;
    expect(countPackets(openRecording(taken!))).toBe(taken!.end!.packets);
    expect(taken!.end!.durationMs).toBeGreaterThan(3000);
    expect(house.toy.errors).toEqual([]);
  });

  it('is resumed after a break, and sent once', async () => {
    const house = await openHouse();
    await house.pair();
    house.peripheral.leave();
    await house.hold(6000);
    await house.connect();
    house.bridge.stallAt = 4;
    await house.pass(1000);
    house.bridge.stallAt = Number.POSITIVE_INFINITY;
    await house.connect();
    await house.pass(2000);
    expect(house.bridge.taken).toHaveLength(1);
    expect(countPackets(openRecording(house.bridge.taken[0]!))).toBe(house.bridge.taken[0]!.end!.packets);
    await house.connect();
    await house.pass(5000);
    expect(house.bridge.taken).toHaveLength(1);
    expect(house.toy.errors).toEqual([]);
  });
});
