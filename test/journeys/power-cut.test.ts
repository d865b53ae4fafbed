// The toy loses its power in the middle of every single write and erase of flash that a recording and a message cost: what was said
// arrives as far as it was kept, what was sent is heard, once, and the toy goes on.
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as board from '#boards/c3-plush.ts';
import { createClips } from '#firmware/clips.ts';
import { flashStart } from '#firmware/simulator/board.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { CHUNK_PLAIN_BYTES, KIND_RECORDING, SLOT_DONE, SLOT_OPEN, SLOT_WHOLE } from '#firmware/slot.ts';
import { createSlotStore } from '#firmware/slot-store.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { ANSWER, isWholeSound, SAID_MS, saidPackets } from '#test/support/journey.ts';
import { type PairedFamily, pairFamily, type VirtualLife } from '#test/support/virtual-household.ts';

/** Each leaves behind another half-written line. */
const SEEDS = [1, 2, 3];
const LINK_MS = 20_000;
/** Longer than a slot takes to be erased. */
const REST_MS = 5_000;
const NEVER = 1_000_000;

let family: PairedFamily;
beforeAll(async () => {
  family = await pairFamily();
});
afterAll(() => family.close());

const counted = (life: VirtualLife, event: string) =>
  life.bridgeEvents.filter((told) => told.event === event).length;

async function link(life: VirtualLife): Promise<void> {
  const links = counted(life, 'status');
  await life.toy.start();
  expect(await life.passUntil(() => counted(life, 'status') > links, LINK_MS)).toBe(true);
}

async function speak(life: VirtualLife): Promise<void> {
  life.toy.press();
  await life.passUntil(() => !life.toy.isOn, SAID_MS);
  life.toy.release();
}

/** Taps the paw and listens to the end of what is played, if anything is. */
async function tap(life: VirtualLife): Promise<void> {
  life.toy.press();
  await life.pass(160);
  life.toy.release();
  await life.passUntil(() => !life.toy.isOn, 2_500);
}

/** Chunks of a recording in flash; Infinity if the bridge has confirmed it. */
function chunksInFlash(life: VirtualLife): number {
  const medium = { bytes: life.flash(), save: () => {}, close: () => {} };
  const chip = createFlashChip(medium, flashStart(board), () => 0);
  const clips = createClips(
    chip.functions,
    createSlotStore(chip.functions, createPrimitives()),
    board.CLIPS_ADDRESS,
    board.CLIP_SLOTS,
    2,
  );
  clips.load();
  if (clips.next(KIND_RECORDING, SLOT_DONE, 0) !== null) return Number.POSITIVE_INFINITY;
  return (clips.next(KIND_RECORDING, SLOT_WHOLE, 0) ?? clips.next(KIND_RECORDING, SLOT_OPEN, 0))?.chunks ?? 0;
}

/** Lives once without a cut and counts, then with a cut at each operation. */
async function cutEverywhere(
  what: string,
  live: (life: VirtualLife, operation: number) => Promise<void>,
): Promise<void> {
  let cuts = 0;
  let operations = 0;
  for (const seed of SEEDS) {
    for (let operation = 1, isCut = true; isCut; operation++) {
      const life = await family.begin(seed * 1000 + operation);
      try {
        await live(life, operation);
        isCut = life.toyEvents.some((event) => event.kind === 'off' && event.reason === 'power cut');
        expect(life.toy.errors).toEqual([]);
        if (isCut) cuts++;
        else operations += operation - 1;
      } catch (error) {
        (error as Error).message += ` (seed ${seed}, operation ${operation})`;
        throw error;
      } finally {
        await life.close();
      }
    }
  }
  expect(cuts).toBe(operations);
  console.log(`${what}: power cut at ${cuts} of ${operations} writes and erases of flash`);
}

it('a recording arrives as far as it was kept, and the next one whole', async () => {
  await cutEverywhere('a recording', async (life, operation) => {
    await link(life);
    life.toy.cutPowerAt(operation);
    await speak(life);
    await life.passUntil(() => !life.toy.isOn, REST_MS);
    const wasCut = !life.toy.isOn;
    const kept = wasCut ? chunksInFlash(life) : Number.POSITIVE_INFINITY;
    const before = counted(life, 'recorded');
    life.toy.cutPowerAt(NEVER);
    if (wasCut) await link(life);
    await life.passUntil(() => counted(life, 'recorded') > before, REST_MS);
    const first = await life.recordings();
    if (kept > 0) expect(first.length).toBe(1);
    for (const stream of first) {
      const whole = saidPackets(splitPackets(stream).length + 1);
      // A prefix of what was said, in whole packets; its last one may be the silence that ends a recording.
      const length = splitPackets(stream).length;
      const isPrefix = Buffer.compare(stream, whole.subarray(0, stream.length)) === 0;
      expect(isPrefix || Buffer.compare(stream, saidPackets(length)) === 0).toBe(true);
      expect(length).toBeGreaterThan(0);
      if (Number.isFinite(kept)) expect(stream.length).toBeGreaterThan((kept - 1) * CHUNK_PLAIN_BYTES);
      if (kept === Number.POSITIVE_INFINITY) expect(length * 60).toBeGreaterThan(SAID_MS);
    }
    await speak(life);
    expect(await life.passUntil(() => counted(life, 'recorded') > first.length, REST_MS)).toBe(true);
    const all = await life.recordings();
    expect(all.length).toBe(first.length + 1);
    const last = all.at(-1)!;
    expect(Buffer.compare(last, saidPackets(splitPackets(last).length))).toBe(0);
    expect(life.bridgeEvents.filter(({ event }) => event === 'refused')).toEqual([]);
  });
}, 120_000);

it('a message is heard once, and again only if the power went while it played', async () => {
  await cutEverywhere('a message', async (life, operation) => {
    await life.leaveMessage(1, ANSWER);
    life.toy.cutPowerAt(operation);
    await life.toy.start();
    await life.passUntil(() => !life.toy.isOn || life.toy.heart.isLit, LINK_MS);
    if (life.toy.isOn) await tap(life);
    await life.passUntil(() => !life.toy.isOn, REST_MS);
    const wasPlaying = life.speaker.played.length > 0;
    const wasCut = !life.toy.isOn;
    life.toy.cutPowerAt(NEVER);
    if (wasCut) {
      await link(life);
      if (await life.passUntil(() => life.toy.heart.isLit, REST_MS)) await tap(life);
    }
    const plays = life.speaker.played.length;
    const last = life.speaker.played.at(-1)!;
    expect(await isWholeSound(last, ANSWER)).toBe(true);
    expect(plays).toBeLessThanOrEqual(wasPlaying && wasCut ? 2 : 1);
    expect(await life.passUntil(() => life.toy.heart.isLit, 2_500)).toBe(false);
    expect(counted(life, 'delivered')).toBe(1);
    expect(counted(life, 'refused-by-toy')).toBe(0);
    // The next one comes, too.
    await life.leaveMessage(2, ANSWER);
    await life.toy.stop();
    await link(life);
    expect(await life.passUntil(() => life.toy.heart.isLit, REST_MS)).toBe(true);
    await tap(life);
    expect(life.speaker.played.length).toBe(plays + 1);
    expect(await isWholeSound(life.speaker.played.at(-1)!, ANSWER)).toBe(true);
  });
}, 120_000);
