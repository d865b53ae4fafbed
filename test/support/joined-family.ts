// A family at a real relay: its devices found it and join it as the app and a Pi do, and take their mail when told. Toys are secrets without a plush.
import type { Clock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { foundFamily, type NewDevice } from '#bridge/founding.ts';
import { grantToBridges, sendPolicy } from '#bridge/granting.ts';
import { adoptToy, enrolToy } from '#bridge/guardian.ts';
import {
  type Admission,
  admitNewcomer,
  askToJoin,
  awaitAdmission,
  awaitNewcomer,
  openInvitation,
} from '#bridge/joining.ts';
import { createKeys, type DeviceKeys, type DeviceRole } from '#bridge/keys.ts';
import { exchange } from '#bridge/person.ts';
import { FIRST_WISHES, type ToyWishes } from '#bridge/wishes.ts';
import { type Member, ROLE_ADULT } from '#protocol/family/member.ts';
import { type RunningRelay, runningRelay } from '#test/relay/running.ts';
import { testToy } from './family.ts';
import { createMemoryStore } from './memory-store.ts';

const NEVER = new AbortController().signal;
/** So long a newcomer rests between two looks. */
const REST_MS = 20;

export interface JoinedFamily {
  readonly running: RunningRelay;
  readonly clock: Clock;
  /** The first adult's device. */
  readonly mum: Device;
  readonly rootSeed: Uint8Array;
  /** Refused messages, as `id code`, of everybody. */
  readonly refused: string[];
  /** What a new device is made of. */
  parts(keys: DeviceKeys): NewDevice;
  /** Lets a new device in by an invitation of `adult`, with all that belongs to it. */
  letIn(
    role: DeviceRole,
    name: string,
    options?: Admission & { adult?: Device; keys?: DeviceKeys; person?: Uint8Array },
  ): Promise<Device>;
  /** A toy is paired by `adult`, as far as the family is concerned. */
  pair(seed: string, adult?: Device, wishes?: ToyWishes): Promise<Member>;
  /** Each device sends what waits and takes what waits, twice round: what one says the others know. */
  talk(...devices: Device[]): Promise<void>;
  close(): Promise<void>;
}

/** A family of one adult's device. */
export async function joinedFamily(port = 0): Promise<JoinedFamily> {
  const running = await runningRelay({ port });
  const clock: Clock = {
    nowMs: () => running.clock.nowMs,
    sleep: () => new Promise((resolve) => setTimeout(resolve, REST_MS)),
  };
  const parts = (keys: DeviceKeys): NewDevice => ({
    keys,
    relay: running.relay.url,
    store: createMemoryStore().open(),
    clock,
  });
  const { device: mum, rootSeed } = await foundFamily(parts(createKeys(ROLE_ADULT)));
  const refused: string[] = [];
  const note = (id: Uint8Array, code: string) => refused.push(`${Buffer.from(id).toString('hex')} ${code}`);

  return {
    running,
    clock,
    mum,
    rootSeed,
    refused,
    parts,
    async letIn(role, name, { adult = mum, keys = createKeys(role), person, ...admission } = {}) {
      const open = await openInvitation(adult, person === undefined ? {} : { person });
      const fresh = parts(keys);
      const [newcomer, { words }] = await Promise.all([
        awaitNewcomer(adult, open, NEVER),
        askToJoin(fresh, open.invitation, name, NEVER),
      ]);
      if (words.join() !== newcomer.words.join()) throw new Error('the words differ');
      const [device] = await Promise.all([
        awaitAdmission(fresh, open.invitation, NEVER),
        admitNewcomer(adult, open, newcomer, admission),
      ]);
      return device;
    },
    async pair(seed, adult = mum, wishes = FIRST_WISHES) {
      const toy = testToy(seed);
      const toyRoot = new Uint8Array(32).fill(seed.length);
      await adult.family.refresh();
      await adoptToy(adult, { toyId: toy.id, linkKey: toy.linkKey!, toyRoot }, wishes);
      await enrolToy(adult, toy.linkKey!);
      await grantToBridges(adult, toy.id);
      await sendPolicy(adult, toy.id);
      return toy;
    },
    async talk(...devices) {
      for (let round = 0; round < 2; round++)
        for (const device of devices) await exchange(device, { refused: note });
    },
    close: () => running.close(),
  };
}
