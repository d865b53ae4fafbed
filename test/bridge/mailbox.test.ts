import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#bridge/clock.ts';
import { mailboxOf } from '#bridge/device.ts';
import { foundFamily } from '#bridge/founding.ts';
import { createKeys } from '#bridge/keys.ts';
import { RelayUnreachable } from '#bridge/mailbox.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { type RunningRelay, runningRelay } from '#test/relay/running.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

describe('the relay over axios', () => {
  let running: RunningRelay;
  let clock: Clock;
  beforeEach(async () => {
    running = await runningRelay();
    clock = { nowMs: () => running.clock.nowMs, sleep: async () => {} };
  });
  afterEach(() => running.close());

  async function found() {
    const parts = {
      keys: createKeys(ROLE_ADULT),
      relay: running.relay.url,
      store: createMemoryStore().open(),
      clock,
    };
    return (await foundFamily(parts)).device;
  }

  it('listens until the relay closes, which waits for nobody who only listens', async () => {
    const device = await found();
    const listening = device.mailbox.listen(0, () => {}, new AbortController().signal);
    // Answers that were asked for later: by now the stream stands, and whatever happens must hold if it does not.
    for (let i = 0; i < 3; i++) await device.mailbox.listMailbox(0, 1);
    const began = performance.now();
    await running.relay.close();
    await listening.catch((error) => expect(error).toBeInstanceOf(RelayUnreachable));
    // Far from the 72 s for which an idle connection is kept: this is about waiting at all, not about speed.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('stops listening when it is told to', async () => {
    const device = await found();
    const stop = new AbortController();
    const listening = device.mailbox.listen(0, () => {}, stop.signal);
    for (let i = 0; i < 3; i++) await device.mailbox.listMailbox(0, 1);
    stop.abort();
    await listening;
  });

  it('says that nobody answers, and shows nothing of what was asked', async () => {
    const device = await found();
    await running.relay.close();
    const error = await device.mailbox.listMailbox(0, 1).catch((each) => each);
    expect(error).toBeInstanceOf(RelayUnreachable);
    expect(error.advice).toContain(new URL(running.relay.url).origin);
    const shown = inspect(error, { depth: 20, showHidden: true });
    expect(shown).not.toContain('signature');
    expect(shown).not.toContain(Buffer.from(device.member.id).toString('base64url'));
  });

  it('is a stranger’s no to a device of no family', async () => {
    await found();
    const familyId = new Uint8Array(16).fill(1);
    const stranger = mailboxOf({ keys: createKeys(ROLE_ADULT), relay: running.relay.url, familyId, clock });
    await expect(stranger.listMailbox(0, 1)).rejects.toThrow('relay-refused');
    await expect(stranger.readChain(familyId, 0)).rejects.toThrow('relay-refused');
  });
});
