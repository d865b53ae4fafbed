// A bridge of the family as a Raspberry Pi is one: let in by the app's invitation, with a store, a radio and a mailbox of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { askToJoin, awaitAdmission } from '#bridge/joining.ts';
import { createKeys } from '#bridge/keys.ts';
import { type BridgeEvent, runBridge } from '#bridge/main.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import type { Radio } from '#bridge/radio.ts';
import { readInvitationText } from '#protocol/family/invitation-text.ts';
import { ROLE_BRIDGE } from '#protocol/family/member.ts';
import { createHappenings, type Happenings } from '#test/support/happenings.ts';
import type { House, TestPhone } from './house.ts';

const NEVER = new AbortController().signal;

export interface Pi {
  readonly device: Device;
  readonly happenings: Happenings<BridgeEvent>;
  /** It is switched on; `radio`: in the place of its own. */
  start(radio?: Radio): void;
  /** It is switched off. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Lets a bridge into the family of an adult's phone. It is off at first. */
export async function addPi(house: House, adult: TestPhone, name: string): Promise<Pi> {
  const { actions, state } = adult.model;
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-pi-'));
  const store = openSqliteStore(join(directory, 'store.db'));
  await actions.invite();
  const { invitation } = readInvitationText(state.invitation.value!.link);
  const parts = { keys: createKeys(ROLE_BRIDGE), relay: house.relay.url, store, clock: wallClock };
  const { words } = await askToJoin(parts, invitation, name, NEVER);
  const shown = await adult.until('words', () =>
    state.joining.value?.step === 'words' ? state.joining.value : null,
  );
  if (shown.role !== 'bridge' || shown.words.join() !== words.join()) throw new Error('the words differ');
  const [device] = await Promise.all([awaitAdmission(parts, invitation, NEVER), actions.confirmWords(true)]);
  const happenings = createHappenings<BridgeEvent>();
  let running: { stop: AbortController; ended: Promise<void>; radio: Radio } | null = null;
  const pi: Pi = {
    device,
    happenings,
    start(radio = house.room.addRadio()) {
      const stop = new AbortController();
      const ended = runBridge({ device, radio, random: Math.random, tell: happenings.note }, stop.signal);
      running = { stop, ended, radio };
    },
    async stop() {
      const was = running;
      running = null;
      was?.stop.abort();
      await was?.ended;
      await was?.radio.close();
    },
    async close() {
      await pi.stop();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return pi;
}
