// The link between toy and bridge breaks after every single value of both ways, acknowledgements included, and what was under way is
// begun again: everything arrives, and nothing twice.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { splitPackets } from '#protocol/audio/stream.ts';
import { ANSWER, isWholeSound, SAID_MS, saidPackets } from '#test/support/journey.ts';
import { type PairedFamily, pairFamily, type VirtualLife } from '#test/support/virtual-household.ts';

const LINK_MS = 20_000;
const REST_MS = 5_000;
const AWAY_MS = 500;
/** Longer than a round of any rhythm of the heart. */
const LOOK_MS = 2_500;

let family: PairedFamily;
beforeAll(async () => {
  family = await pairFamily();
});
afterAll(() => family.close());

const counted = (life: VirtualLife, event: string) =>
  life.bridgeEvents.filter((told) => told.event === event).length;

async function speak(life: VirtualLife): Promise<void> {
  life.toy.press();
  await life.pass(SAID_MS);
  life.toy.release();
}

async function tap(life: VirtualLife): Promise<void> {
  life.toy.press();
  await life.pass(160);
  life.toy.release();
  await life.pass(LOOK_MS);
}

function isWhole(stream: Uint8Array): boolean {
  return Buffer.compare(stream, saidPackets(splitPackets(stream).length)) === 0;
}

/** Lives with a break at each value, until there are no more values. */
async function breakEverywhere(
  what: string,
  live: (life: VirtualLife, backInRange: () => Promise<void>) => Promise<void>,
): Promise<void> {
  let breaks = 0;
  for (let count = 1, isBroken = true; isBroken; count++) {
    const life = await family.begin(count);
    isBroken = false;
    life.breakLinkAt(count, () => {
      isBroken = true;
    });
    try {
      await life.toy.start();
      await live(life, async () => {
        if (!isBroken) return;
        await life.pass(AWAY_MS);
        life.setInRange(true);
        await life.passUntil(() => counted(life, 'linked') > counted(life, 'unlinked'), LINK_MS);
      });
      expect(life.toy.errors).toEqual([]);
      if (isBroken) breaks++;
    } catch (error) {
      (error as Error).message += ` (value ${count})`;
      throw error;
    } finally {
      await life.close();
    }
  }
  expect(breaks).toBeGreaterThanOrEqual(15);
  console.log(`${what}: the link broke at ${breaks} of ${breaks} values`);
}

it('a recording arrives once', async () => {
  await breakEverywhere('a recording', async (life, backInRange) => {
    await life.pass(1_000);
    await speak(life);
    await life.pass(1_000);
    await backInRange();
    expect(await life.passUntil(() => counted(life, 'recorded') > 0, REST_MS)).toBe(true);
    await life.pass(REST_MS);
    expect((await life.recordings()).map(isWhole)).toEqual([true]);
    // The next one comes only after the toy knows that the first is safe.
    await speak(life);
    await life.pass(1_000);
    await backInRange();
    await life.pass(REST_MS);
    expect((await life.recordings()).map(isWhole)).toEqual([true, true]);
  });
}, 120_000);

it('a message is heard once', async () => {
  await breakEverywhere('a message', async (life, backInRange) => {
    await life.leaveMessage(1, ANSWER);
    await life.pass(2_000);
    await backInRange();
    expect(await life.passUntil(() => counted(life, 'delivered') > 0, LINK_MS)).toBe(true);
    expect(await life.passUntil(() => life.toy.heart.isLit, LOOK_MS)).toBe(true);
    await tap(life);
    expect(await life.passUntil(() => life.toy.heart.isLit, LOOK_MS)).toBe(false);
    expect(life.speaker.played.length).toBe(1);
    expect(await isWholeSound(life.speaker.played[0]!, ANSWER)).toBe(true);
    expect(counted(life, 'delivered')).toBe(1);
  });
}, 120_000);

it('a message that the bridge brings again and again is heard once', async () => {
  const life = await family.begin(1);
  const bringAgain = async (leave: () => Promise<void>, delivered: number) => {
    await leave();
    life.setInRange(false);
    await life.pass(AWAY_MS);
    life.setInRange(true);
    expect(await life.passUntil(() => counted(life, 'delivered') === delivered, LINK_MS)).toBe(true);
  };
  const leaveAgain = await life.leaveMessage(1, ANSWER);
  await life.toy.start();
  expect(await life.passUntil(() => counted(life, 'delivered') === 1, LINK_MS)).toBe(true);
  // While it waits to be heard; after it was heard; after the next one; and after the power went.
  await bringAgain(leaveAgain, 2);
  await life.passUntil(() => life.toy.heart.isLit, LOOK_MS);
  await tap(life);
  await bringAgain(leaveAgain, 3);
  expect(await life.passUntil(() => life.toy.heart.isLit, LOOK_MS)).toBe(false);
  await bringAgain(await life.leaveMessage(2, ANSWER), 4);
  await life.passUntil(() => life.toy.heart.isLit, LOOK_MS);
  await tap(life);
  await bringAgain(leaveAgain, 5);
  await life.toy.powerCut();
  await life.toy.start();
  await bringAgain(leaveAgain, 6);
  expect(await life.passUntil(() => life.toy.heart.isLit, LOOK_MS)).toBe(false);
  expect(life.speaker.played.length).toBe(2);
  expect(life.toy.errors).toEqual([]);
  await life.close();
});
