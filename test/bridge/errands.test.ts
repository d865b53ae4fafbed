// A toy is paired through the bridge by an adult whose own phone has no radio: over the relay, with the animals before the adult's eyes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { openErrandTalk, receiveErrand } from '#bridge/errand-talk.ts';
import { pairThroughBridge } from '#bridge/errands.ts';
import { grantOf, policyOf } from '#bridge/grants.ts';
import type { Received } from '#bridge/inbox.ts';
import type { BridgeEvent } from '#bridge/main.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { sealNote } from '#bridge/outbox.ts';
import { exchange } from '#bridge/person.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { addDevice, createHousehold, type Household } from '#cli/household.ts';
import { createRoom } from '#cli/room.ts';
import { createMicrophone, createRememberingSpeaker } from '#firmware/simulator/sound.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { ERRAND, NO_TOY } from '#protocol/envelope/content.ts';
import {
  ERRAND_ANIMALS,
  ERRAND_BEGIN,
  ERRAND_FAILED,
  ERRAND_ROOT,
  ERRAND_SEEKING,
  type ErrandStep,
  encodeErrand,
} from '#protocol/envelope/errand.ts';
import type { SigningMember } from '#protocol/family/judge.ts';
import { idText, type Member, ROLE_RELATIVE } from '#protocol/family/member.ts';
import type { Animal } from '#protocol/link/animals.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { createHappenings, type Happenings } from '#test/support/happenings.ts';

const NEVER = new AbortController().signal;

interface Home {
  household: Household;
  bridge: Happenings<BridgeEvent>;
  directory: string;
  pair(
    confirm?: (animals: Animal[], resets: number) => Promise<boolean>,
    signal?: AbortSignal,
    as?: Device,
  ): Promise<Uint8Array>;
  close(): Promise<void>;
}

async function openHome(board: string, room = createRoom('memory')): Promise<Home> {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-errands-'));
  const bridge = createHappenings<BridgeEvent>();
  const household = await createHousehold({
    directory,
    board,
    microphone: createMicrophone(createVoice(1)),
    speaker: createRememberingSpeaker(),
    room,
    tell: bridge.note,
  });
  household.startBridge();
  // Both sides have published prekeys, and know of each other's.
  await exchange(household.bridge, {});
  household.person.wake();
  return {
    household,
    bridge,
    directory,
    pair: (confirm = async () => true, signal = NEVER, as = household.adult) =>
      pairThroughBridge(as, household.bridge.member.id, household.tag, confirm, FIRST_WISHES, signal),
    async close() {
      await household.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Whether some bytes stand anywhere in what a device keeps. */
function isKept(directory: string, name: string, secret: Uint8Array): boolean {
  const folder = join(directory, name);
  return readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(Buffer.from(secret)));
}

describe('an errand', () => {
  it('pairs over the real BLE stacks, and the bridge keeps neither tag nor root', async () => {
    const { household, bridge, directory, pair, close } = await openHome('c3-stock', createRoom());
    try {
      const { adult } = household;
      await household.openPairing();
      const shown: [Animal[], number][] = [];
      const toyId = await pair(async (animals, resets) => {
        shown.push([animals, resets]);
        return true;
      });
      expect(shown.map(([animals, resets]) => [animals.length, resets])).toEqual([[4, 0]]);
      await bridge.until('paired', (event) => event.event === 'paired' && event.toy === idText(toyId));
      expect(adult.family.roster.members.has(idText(toyId))).toBe(true);
      expect(await policyOf(adult, toyId)).not.toBeNull();
      const { toyRoot } = (await grantOf(adult, toyId))!;
      household.person.wake();
      await bridge.until('link', ({ event }) => event === 'status');
      expect((await grantOf(household.bridge, toyId))!.toyRoot).toBeNull();
      for (const secret of [household.tag, toyRoot!]) expect(isKept(directory, 'bridge', secret)).toBe(false);
      // What it does keep would be found.
      expect(isKept(directory, 'bridge', adult.member.signKey!)).toBe(true);
      expect(household.toy.errors).toEqual([]);
      expect(bridge.all.filter(({ event }) => event === 'refused' || event === 'trouble')).toEqual([]);
    } finally {
      await close();
    }
  });
});

describe('an errand that comes to nothing', () => {
  let home: Home;
  beforeAll(async () => {
    home = await openHome('c3-plush');
    await home.household.toy.start();
  });
  afterAll(() => home.close());

  const unpaired = (from: number) =>
    home.bridge
      .until('end', ({ event }) => event === 'unpaired', from)
      .then((event) => event as { code: string });

  it('ends on both sides when the adult gives up before a toy is found', async () => {
    const from = home.bridge.all.length;
    const stop = new AbortController();
    const pairing = home.pair(undefined, stop.signal);
    pairing.catch(() => {});
    await home.bridge.until('search', ({ event }) => event === 'pairing', from);
    stop.abort();
    await expect(pairing).rejects.toMatchObject({ code: 'not-found' });
    await unpaired(from);
  });

  it('says when the animals differ: nothing was stored, and the next one can go well', async () => {
    const { household, bridge, pair } = home;
    await household.openPairing();
    const before = household.adult.family.roster.number;
    await expect(pair(async () => false)).rejects.toMatchObject({ code: 'denied' });
    await bridge.until('end', (event) => event.event === 'unpaired' && event.code === 'denied');
    expect(household.adult.family.roster.number).toBe(before);
    expect(await household.adult.store.list('grants', '')).toEqual([]);
  });

  it('is refused while the bridge has another, which goes on', async () => {
    const { household, bridge, pair } = home;
    await household.openPairing();
    let second: unknown;
    const toyId = await pair(async () => {
      second = await pair().catch((error) => error);
      return true;
    });
    expect(second).toMatchObject({ code: 'busy' });
    await bridge.until('paired', (event) => event.event === 'paired' && event.toy === idText(toyId));
  });

  it('hears only its own bridge, its own errand, and each step in its turn', async () => {
    const { adult, bridge } = home.household;
    const [errandId, other] = [sodium.randombytes_buf(16), sodium.randombytes_buf(16)];
    const partner = adult.family.roster.members.get(idText(bridge.member.id)) as SigningMember;
    const talk = openErrandTalk(adult, partner, errandId, NEVER);
    const arrive = (step: ErrandStep, id = errandId, sender: Member = partner) =>
      receiveErrand(adult, {
        content: { extra: encodeErrand({ errandId: id, step }) },
        sender,
      } as Received).afterwards!();
    const seeking = { step: ERRAND_SEEKING } as const;
    const animals = (resets: number) =>
      ({ step: ERRAND_ANIMALS, animals: new Uint8Array(4), resets }) as const;
    const soon = { ms: 50, code: 'no-bridge' } as const;
    await arrive(seeking, other);
    await arrive(seeking, errandId, adult.member);
    await arrive({ step: ERRAND_FAILED, code: 'denied' }, errandId, adult.member);
    await expect(talk.hear(ERRAND_SEEKING, 'broken', soon)).rejects.toMatchObject({ code: 'no-bridge' });
    // Two may have come before the first is asked for; neither is lost.
    await arrive(seeking);
    await arrive(animals(3));
    expect(await talk.hear(ERRAND_SEEKING, 'broken', soon)).toEqual(seeking);
    expect(await talk.hear(ERRAND_ANIMALS, 'broken', soon)).toEqual(animals(3));
    await expect(talk.hear(ERRAND_ANIMALS, 'broken', soon)).rejects.toMatchObject({ code: 'no-bridge' });
    await arrive({ step: ERRAND_FAILED, code: 'never-heard-of' });
    expect(talk.stopped.aborted).toBe(true);
    await expect(talk.hear(ERRAND_ROOT, 'late')).rejects.toMatchObject({ code: 'broken' });
    talk.end();
  });

  it('is refused when it is too old', async () => {
    const { adult } = home.household;
    const slow: Device = { ...adult, nowS: () => adult.nowS() - 400 };
    await expect(home.pair(undefined, NEVER, slow)).rejects.toMatchObject({ code: 'late' });
  });

  it('is refused to a relative, whatever their device sends', async () => {
    const { household, bridge, directory } = home;
    const { adult, relay } = household;
    const store = openSqliteStore(join(directory, 'granny.db'));
    const granny = await addDevice(adult, ROLE_RELATIVE, relay.url, store, wallClock);
    await exchange(granny, {});
    const bridgeId = household.bridge.member.id;
    const from = bridge.all.length;
    const asked = pairThroughBridge(granny, bridgeId, household.tag, async () => true, FIRST_WISHES, NEVER);
    await expect(asked).rejects.toThrow('roster-right');
    const step = { step: ERRAND_BEGIN, tag: household.tag } as const;
    const extra = encodeErrand({ errandId: sodium.randombytes_buf(16), step });
    const to = [granny.family.roster.members.get(idText(bridgeId)) as SigningMember];
    await (await sealNote(granny, { kind: ERRAND, toyId: NO_TOY, extra }, to)).send();
    const refused = await bridge.until('refusal', ({ event }) => event === 'refused', from);
    expect(refused).toMatchObject({ code: 'envelope-sender' });
    expect(bridge.all.slice(from).some(({ event }) => event === 'pairing')).toBe(false);
    await store.close();
  });
});
