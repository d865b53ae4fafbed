import { describe, expect, it } from 'vitest';
import { type Device, deviceWith } from '#bridge/device.ts';
import { keepGenesis, loadFamily } from '#bridge/family.ts';
import { policyOf } from '#bridge/grants.ts';
import { adoptToy, keepPoliciesFresh, wishesOf } from '#bridge/guardian.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import type { Mailbox } from '#bridge/mailbox.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { beginChain } from '#protocol/family/chain.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { signGenesis } from '#protocol/family/sign.ts';
import { policyCounter, policyIssuedAt } from '#protocol/policy/policy.ts';
import { testToy } from '#test/support/family.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

const WEEK_MS = 7 * 86_400_000;

describe('an adult’s device', () => {
  const toy = testToy('bear');
  const wishes = { ...FIRST_WISHES, volume: 40, quiet: { from: 1200, to: 360 } };

  /** A family of one adult and one toy: nobody to tell, so that no relay is asked. */
  async function alone(): Promise<{ device: Device; later(ms: number): void }> {
    let nowMs = 1_767_268_800_000;
    const keys = createKeys(ROLE_ADULT);
    const store = createMemoryStore().open();
    const genesis = signGenesis(new Uint8Array(32).fill(3), [memberOfKeys(keys), toy]);
    await keepGenesis(store, [genesis]);
    const mailbox = {} as Mailbox;
    const { familyId } = beginChain(genesis);
    const family = (await loadFamily(store, mailbox, familyId))!;
    const clock = { nowMs: () => nowMs, sleep: async () => {} };
    const device = deviceWith({ keys, relay: 'http://127.0.0.1:1', familyId, store, clock }, mailbox, family);
    await adoptToy(
      device,
      { toyId: toy.id, linkKey: toy.linkKey!, toyRoot: new Uint8Array(32).fill(8) },
      wishes,
    );
    return {
      device,
      later: (ms) => {
        nowMs += ms;
      },
    };
  }

  it('renews a policy once a week, with the same wishes', async () => {
    const { device, later } = await alone();
    const first = (await policyOf(device, toy.id))!;
    await keepPoliciesFresh(device);
    later(WEEK_MS - 1000);
    await keepPoliciesFresh(device);
    expect(await policyOf(device, toy.id)).toEqual(first);
    later(1000);
    await keepPoliciesFresh(device);
    const second = (await policyOf(device, toy.id))!;
    expect(policyCounter(second)).toBe(policyCounter(first) + 1);
    expect(policyIssuedAt(second)).toBe(device.nowS());
    const me = { person: device.member.person!, isAllowed: true, needsApproval: false, rhythm: 0 };
    expect(await wishesOf(device, toy.id)).toEqual({ ...wishes, senders: [me] });
    await keepPoliciesFresh(device);
    expect(await policyOf(device, toy.id)).toEqual(second);
  });
});
