// What a family wishes of its toy is done on the toy itself: how loud, when it is quiet, and that a reset leaves nothing but the tag.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIP_SLOTS, CLIPS_ADDRESS } from '#boards/c3-plush.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { SLOT_BYTES } from '#firmware/slot.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { decodeStatus, OP_STATUS } from '#protocol/ble/records.ts';
import { ACK_STORED } from '#protocol/clip/records.ts';
import { SLOT_IDENTITY, SLOT_STORAGE, SLOT_TAG, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { SLOT_BYTES as KEY_SLOT_BYTES } from '#protocol/sodium/primitives.ts';
import { encodeVoice } from '#test/support/opus.ts';
import { type House, NOON_S, openHouse, TAG } from './house.ts';

const STREAM = joinPackets(encodeVoice(createVoice(0.9)));
const MINUTE_MS = 60_000;

async function nearHouse(storagePath?: string): Promise<House> {
  const house = await openHouse(storagePath === undefined ? {} : { storagePath });
  await house.pair();
  await house.connect();
  return house;
}

describe('the toy itself', () => {
  it('plays as loud as the newest policy says, and not at all at 0', async () => {
    const house = await nearHouse();
    house.deliver(1, STREAM);
    await house.pass(3000);
    house.sendPolicy(house.policy({ counter: 2, volume: 0 }));
    await house.pass(2000);
    await house.tap();
    await house.pass(2000);
    expect(house.speaker.volumes).toEqual([]);
    expect(house.speaker.tones.filter(({ volume }) => volume === 0)).toEqual([]);
    // It waits until it may be heard.
    house.sendPolicy(house.policy({ counter: 3, volume: 25 }));
    await house.pass(2000);
    await house.tap();
    await house.pass(3000);
    expect(house.speaker.volumes).toEqual([25]);
    expect(house.toy.errors).toEqual([]);
  });

  it('keeps messages and a dark heart in the quiet hours, records all the same, and takes the time from the bridge', async () => {
    const house = await nearHouse();
    house.sendPolicy(house.policy({ counter: 2, quietFrom: 12 * 60, quietTo: 13 * 60 }));
    await house.pass(1000);
    house.deliver(1, STREAM);
    await house.pass(3000);
    expect(house.bridge.delivered).toEqual([ACK_STORED]);
    const quietMs = house.clock.now();
    await house.pass(MINUTE_MS);
    expect(house.toy.heart.history.filter(({ atMs }) => atMs > quietMs)).toEqual([]);
    house.toy.press();
    await house.pass(2000);
    expect(house.toy.heart.isLit).toBe(true);
    house.toy.release();
    await house.pass(2000);
    expect(house.bridge.taken[0]!.end!.durationMs).toBeGreaterThan(1800);
    // The same toy, by another word of the bridge: it is past one.
    house.bridge.sayReady(NOON_S + 3700);
    await house.pass(MINUTE_MS / 2);
    const loudMs = house.clock.now();
    await house.pass(5000);
    expect(house.toy.heart.history.filter(({ atMs }) => atMs > loudMs).length).toBeGreaterThan(3);
    expect(house.toy.errors).toEqual([]);
  });
});

describe('a factory reset', () => {
  it('erases keys, recordings and messages, counts itself, and keeps the tag', async () => {
    const storagePath = mkdtempSync(join(tmpdir(), 'pawpost-reset-'));
    try {
      const house = await nearHouse(storagePath);
      house.deliver(1, STREAM);
      await house.pass(3000);
      house.peripheral.leave();
      await house.hold(3000);
      await house.toy.powerCut();
      const slotKey = (slot: number) =>
        readFileSync(join(storagePath, 'keys.bin')).subarray(
          slot * KEY_SLOT_BYTES,
          (slot + 1) * KEY_SLOT_BYTES,
        );
      // Where each clip's chunks lie, with its head and its end: all but the mark of an erased slot.
      const clips = () =>
        Array.from({ length: CLIP_SLOTS }, (_, i) => {
          const flash = readFileSync(join(storagePath, 'flash.bin'));
          const at = CLIPS_ADDRESS - 0x210000 + i * SLOT_BYTES;
          return flash.subarray(at + 4096, at + SLOT_BYTES).filter((byte) => byte !== 0xff).length;
        });
      const before = [SLOT_IDENTITY, SLOT_TOY_ROOT, SLOT_STORAGE].map((slot) =>
        slotKey(slot).toString('hex'),
      );
      expect(clips().filter((bytes) => bytes > 0).length).toBe(2);
      house.toy.press();
      await house.toy.start();
      await house.pass(11_000);
      house.toy.release();
      await house.pass(2 * MINUTE_MS);
      expect(slotKey(SLOT_TAG).subarray(0, 32)).toEqual(Buffer.from(TAG));
      for (const [i, slot] of [SLOT_IDENTITY, SLOT_TOY_ROOT, SLOT_STORAGE].entries())
        expect(slotKey(slot).toString('hex')).not.toBe(before[i]);
      for (const slot of [SLOT_TOY_ROOT, SLOT_STORAGE])
        expect(slotKey(slot).every((byte) => byte === 0)).toBe(true);
      expect(clips()).toEqual(new Array(CLIP_SLOTS).fill(0));
      // By the same tag, into a family again.
      house.speaker.played.length = 0;
      await house.pair();
      const status = house.bridge.said.findLast((plain) => plain[0] === OP_STATUS)!;
      expect(decodeStatus(status).resets).toBe(1);
      await house.tap();
      await house.pass(2000);
      expect(house.speaker.played).toEqual([]);
      expect(house.toy.errors).toEqual([]);
      await house.toy.stop();
    } finally {
      rmSync(storagePath, { recursive: true, force: true });
    }
  });
});
