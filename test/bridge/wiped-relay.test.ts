import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#bridge/clock.ts';
import { type Device, renewPrekeys } from '#bridge/device.ts';
import { admit, dismiss, foundFamily, join as joinFamily } from '#bridge/founding.ts';
import { createKeys, type DeviceRole, memberOfKeys } from '#bridge/keys.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { pinOf } from '#protocol/family/pin.ts';
import { DATABASE_NAME } from '#relay/main.ts';
import { type RunningRelay, runningRelay } from '#test/relay/running.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

// The relay's port must outlive it: devices know its address.
const PORT = 18_471;

describe('a relay that was wiped', () => {
  let running: RunningRelay;
  let clock: Clock;
  let mum: Device;
  let bridge: Device;

  async function add(role: DeviceRole): Promise<Device> {
    const keys = createKeys(role);
    await admit(mum, [memberOfKeys(keys)]);
    const parts = { keys, relay: running.relay.url, store: createMemoryStore().open(), clock };
    return joinFamily(parts, pinOf(mum.family.roster));
  }

  /** Throws away everything the relay had. */
  async function wipe(): Promise<void> {
    await running.relay.close();
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(running.directory, DATABASE_NAME + end), { force: true });
    await running.restart();
  }

  beforeEach(async () => {
    running = await runningRelay({ port: PORT });
    clock = { nowMs: () => running.clock.nowMs, sleep: async () => {} };
    const parts = {
      keys: createKeys(ROLE_ADULT),
      relay: running.relay.url,
      store: createMemoryStore().open(),
      clock,
    };
    mum = (await foundFamily(parts)).device;
    bridge = await add(ROLE_BRIDGE);
    await mum.family.refresh();
  });
  afterEach(() => running.close());

  it('is given the family again by whoever comes first, and serves everybody', async () => {
    await wipe();
    await expect(bridge.mailbox.listMailbox(0, 1)).rejects.toThrow('relay-refused');
    await bridge.family.refresh();
    expect(bridge.family.restorations).toBe(1);
    expect(await mum.family.refresh()).toBe(false);
    expect(mum.family.restorations).toBe(0);
    await renewPrekeys(bridge);
    expect((await mum.mailbox.readPrekeys([bridge.member.id])).length).toBe(1);
    await add(ROLE_BRIDGE);
    expect(await bridge.family.refresh()).toBe(true);
  });

  it('is brought up to date by those who know more than the first', async () => {
    const second = await add(ROLE_BRIDGE);
    await dismiss(mum, [second.member.id]);
    await wipe();
    await bridge.family.refresh();
    expect(bridge.family.roster.number).toBe(1);
    await mum.family.refresh();
    expect(mum.family.roster.number).toBe(3);
    await bridge.family.refresh();
    expect(bridge.family.roster.head).toEqual(mum.family.roster.head);
  });

  it('takes nothing from a device that was put out, while somebody who knows is there', async () => {
    const second = await add(ROLE_BRIDGE);
    await dismiss(mum, [second.member.id]);
    // It learns by the family's own word why, and then is refused.
    expect(await second.family.refresh()).toBe(true);
    expect(second.family.roster.members.has(idText(second.member.id))).toBe(false);
    await expect(second.family.refresh()).rejects.toThrow('relay-refused');
    expect(second.family.restorations).toBe(0);
  });
});
