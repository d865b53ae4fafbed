// A bridge at home as on a Raspberry Pi: the shipped one over noble, let into the family by an invitation as the app shows it.
import { expect } from 'vitest';
import { en } from '#app/words/en.ts';
import { wallClock } from '#bridge/clock.ts';
import { askToJoin, awaitAdmission } from '#bridge/joining.ts';
import { createKeys } from '#bridge/keys.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { readInvitationText } from '#protocol/family/invitation-text.ts';
import { ROLE_BRIDGE } from '#protocol/family/member.ts';
import type { Phone } from './phone.ts';
import type { Rig } from './rig.ts';
import { invite, reads, sixWords } from './steps.ts';

export interface Pi {
  /** What it has told so far. */
  readonly events: readonly BridgeEvent[];
  close(): Promise<void>;
}

/** An adult's phone invites the bridge; the words are compared; it is in the family and at work when this resolves. */
export async function addPi(rig: Rig, adult: Phone): Promise<Pi> {
  const { invitation, relay } = readInvitationText(await invite(adult));
  const store = openSqliteStore(rig.folder('pi.db'));
  const stop = new AbortController();
  const parts = { keys: createKeys(ROLE_BRIDGE), relay, store, clock: wallClock };
  const { words } = await askToJoin(parts, invitation, 'Pi', stop.signal);
  expect(await sixWords(adult)).toEqual(words);
  await adult.tap(en.join.same);
  const device = await awaitAdmission(parts, invitation, stop.signal);
  await reads(adult, en.join.doneAdult('Pi'));
  const radio = rig.room.addRadio();
  const events: BridgeEvent[] = [];
  const tell = (event: BridgeEvent) => void events.push(event);
  const ended = runBridge({ device, radio, random: Math.random, tell }, stop.signal);
  return {
    events,
    async close() {
      stop.abort();
      await ended;
      await radio.close();
      await store.close();
    },
  };
}
