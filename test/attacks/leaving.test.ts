// Everybody may go by themselves, and take nobody with them: neither relay nor family takes an entry in which they do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '#bridge/device.ts';
import { extendChain } from '#protocol/family/chain.ts';
import type { Op } from '#protocol/family/entry.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { draftEntry, joinEntry, signPayload } from '#protocol/family/sign.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { type JoinedFamily, joinedFamily } from '#test/support/joined-family.ts';

let home: JoinedFamily;
let [dad, gran, pi] = [] as unknown as [Device, Device, Device];
beforeAll(async () => {
  home = await joinedFamily();
  dad = await home.letIn(ROLE_ADULT, 'Dad');
  gran = await home.letIn(ROLE_RELATIVE, 'Gran');
  pi = await home.letIn(ROLE_BRIDGE, 'Kitchen');
  await home.pair('bear');
  for (const device of [home.mum, dad, gran, pi]) await device.family.refresh();
});
afterAll(() => home.close());

/** An entry by devices whose program asks no rules. */
function forged(op: Op, ...signers: Device[]): Uint8Array {
  const ids = signers.map(({ member }) => member.id);
  const draft = draftEntry(home.mum.family.roster, ids, op);
  return joinEntry(
    draft,
    signers.map(({ member, keys }) => {
      const { secret } = signKeys(keys.signSeed);
      return signPayload(draft.payload, { id: member.id, secret });
    }),
  );
}

/** The relay refuses it, and so does whoever reads the chain. */
async function expectRefused(by: Device, code: string, entry: Uint8Array): Promise<void> {
  const { roster } = home.mum.family;
  expect(() => extendChain(roster, entry)).toThrow(code);
  await expect(by.mailbox.appendChain(roster.familyId, [entry])).rejects.toThrow();
  expect(await home.mum.family.refresh()).toBe(false);
}

describe('who may go by themselves', () => {
  it('a relative puts nobody else out, not even going itself', async () => {
    const all = [...home.mum.family.roster.members.values()];
    for (const { id } of all.filter((member) => idText(member.id) !== idText(gran.member.id))) {
      await expectRefused(gran, 'roster-right', forged({ op: 'remove', ids: [id] }, gran));
      const both: Op = { op: 'remove', ids: [gran.member.id, id] };
      await expectRefused(gran, 'roster-right', forged(both, gran));
    }
    const twice: Op = { op: 'remove', ids: [gran.member.id, gran.member.id] };
    await expectRefused(gran, 'roster-right', forged(twice, gran));
  });

  it('a bridge puts no adult out, nor with a relative’s help', async () => {
    const op: Op = { op: 'remove', ids: [dad.member.id] };
    await expectRefused(pi, 'roster-right', forged(op, pi));
    await expectRefused(pi, 'roster-right', forged(op, pi, gran));
    await expectRefused(pi, 'roster-right', forged({ op: 'remove', ids: [gran.member.id] }, pi, gran));
  });

  it('nobody comes back, or turns into somebody else, by going', async () => {
    await expectRefused(gran, 'roster-right', forged({ op: 'add', members: [gran.member] }, gran));
    await expectRefused(gran, 'roster-right', forged({ op: 'reset', members: [gran.member] }, gran));
  });

  it('the last adult cannot go', async () => {
    await dad.family.append({ op: 'remove', ids: [dad.member.id] }, [
      { id: dad.member.id, secret: signKeys(dad.keys.signSeed).secret },
    ]);
    await home.mum.family.refresh();
    const { mum } = home;
    await expectRefused(mum, 'roster-member', forged({ op: 'remove', ids: [mum.member.id] }, mum));
  });
});
