// Messages that an adult must approve, over a running relay: held wherever the toy can be reached, until a yes comes, or forgotten.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveLetter, isHeld } from '#bridge/approvals.ts';
import { markDelivered, nextDelivery } from '#bridge/deliveries.ts';
import type { Device } from '#bridge/device.ts';
import { policyOf } from '#bridge/grants.ts';
import { signWith } from '#bridge/keys.ts';
import { letterStream, listLetters } from '#bridge/letters.ts';
import { postNote } from '#bridge/outbox.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { findVoice } from '#bridge/voices.ts';
import { APPROVAL, encodeApproval } from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { checkStamp, countersignSigningBytes } from '#protocol/policy/stamp.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { joined } from '#test/support/envelope.ts';
import { ANSWER } from '#test/support/journey.ts';
import { beginLetters, type LetterFamily, told } from '#test/support/letter-family.ts';

let family: LetterFamily;
beforeEach(async () => {
  family = await beginLetters();
  await family.allow([family.mum, family.dad, family.granny], [family.granny]);
});
afterEach(() => family.close());

async function letterOf(device: Device, id: Uint8Array) {
  return (await listLetters(device)).find(({ messageId }) => idText(messageId) === idText(id));
}
const progressOf = async (device: Device, id: Uint8Array) => (await letterOf(device, id))?.progress;

async function grannySays(): Promise<Uint8Array> {
  const id = await speakToToy(family.granny, family.toyId, ANSWER);
  await exchange(family.granny, {});
  return id;
}

/** Whoever may link with the toy would bring it a message now that the toy takes. */
async function offered(device: Device): Promise<string | null> {
  const delivery = await nextDelivery(device, family.toyId);
  if (delivery === null) return null;
  checkStamp(createPrimitives(), delivery.stamp, (await policyOf(device, family.toyId))!, family.toyId);
  return idText(delivery.id);
}

describe('a message that needs approval', () => {
  it('is held by every device that links, and only adults are asked', async () => {
    const { mum, dad, granny, bridge } = family;
    const id = await grannySays();
    await family.settle();
    for (const device of [mum, dad, bridge]) expect(await offered(device)).toBeNull();
    for (const device of [mum, dad])
      expect(await letterOf(device, id)).toMatchObject({ progress: 'approval', awaitsApproval: true });
    // Granny does not know the toy's policy: the bridge has told her.
    expect(await letterOf(granny, id)).toMatchObject({ progress: 'approval', awaitsApproval: false });
    expect(await letterStream(dad, id)).toEqual(ANSWER);
    // Others' messages pass by.
    const other = await speakToToy(dad, family.toyId, ANSWER);
    await family.settle();
    expect(await offered(bridge)).toBe(idText(other));
  });

  it('goes to the toy once one adult has said yes, with a stamp that the toy accepts', async () => {
    const { mum, dad, granny, bridge, toyId } = family;
    const id = await grannySays();
    await family.settle();
    await approveLetter(dad, id, true);
    expect(await offered(dad)).toBe(idText(id));
    await family.settle();
    for (const device of [mum, dad, bridge]) expect(await offered(device)).toBe(idText(id));
    for (const device of [mum, dad, granny])
      expect(await letterOf(device, id)).toMatchObject({ progress: 'sent', awaitsApproval: false });
    await markDelivered(bridge, id, false);
    await family.settle();
    for (const device of [mum, dad, granny]) expect(await progressOf(device, id)).toBe('toy');
    // Too late for a no.
    await approveLetter(mum, id, false);
    await family.settle();
    for (const device of [mum, granny]) expect(await progressOf(device, id)).toBe('toy');
    expect(await nextDelivery(mum, toyId)).toBeNull();
  });

  it('is forgotten by everybody but its sender once one adult has said no', async () => {
    const { mum, dad, granny, bridge, toyId } = family;
    const id = await grannySays();
    await family.settle();
    await approveLetter(mum, id, false);
    await family.settle();
    for (const device of [mum, dad, granny]) expect(await progressOf(device, id)).toBe('rejected');
    for (const device of [mum, dad]) expect(await letterStream(device, id)).toBeNull();
    expect(await letterStream(granny, id)).toEqual(ANSWER);
    for (const device of [mum, dad, bridge]) {
      expect(await device.store.list('waiting', '')).toEqual([]);
      expect((await device.mailbox.listMailbox(0, 100)).items).toEqual([]);
    }
    // A no stands.
    await approveLetter(dad, id, true);
    await family.settle();
    expect(await progressOf(granny, id)).toBe('rejected');
    expect(await nextDelivery(bridge, toyId)).toBeNull();
  });

  it('may come after its approval, or its rejection', async () => {
    const { mum, dad, granny, bridge } = family;
    for (const isApproved of [true, false]) {
      const id = await grannySays();
      await exchange(dad, {});
      await approveLetter(dad, id, isApproved);
      await exchange(dad, {});
      // The relay gives the adult's word first.
      for (const device of [mum, bridge]) await exchange(reversed(device), {});
      for (const device of [mum, bridge]) expect(await offered(device)).toBe(isApproved ? idText(id) : null);
      await family.settle();
      expect(await progressOf(granny, id)).toBe(isApproved ? 'sent' : 'rejected');
      expect(await progressOf(mum, id)).toBe(isApproved ? 'sent' : 'rejected');
      if (isApproved) await markDelivered(bridge, id, false);
      await family.settle();
    }
  });

  it('needs none any more when the policy does not ask', async () => {
    const { mum, dad, granny, bridge } = family;
    const id = await grannySays();
    await family.settle();
    await family.allow([mum, dad, granny], []);
    expect(await offered(bridge)).toBe(idText(id));
    expect(await letterOf(dad, id)).toMatchObject({ progress: 'sent', awaitsApproval: false });
  });
});

describe('an approval', () => {
  /** A device says that the countersignature is an adult's yes. */
  async function claim(device: Device, messageId: Uint8Array, countersignature: Uint8Array, by = device) {
    const { toyId } = family;
    const to = recipientsFor(by.family.roster, {
      kind: APPROVAL,
      toyId,
      senderId: by.member.id,
      deviceId: null,
    }).filter(({ id }) => idText(id) !== idText(device.member.id));
    const extra = encodeApproval({ messageId, countersignature });
    await postNote(device, { kind: APPROVAL, toyId, extra }, to, []);
    await exchange(device, {}).catch(() => {});
  }

  it('of a relative or a bridge is refused by everybody', async () => {
    const { mum, dad, granny, bridge } = family;
    const id = await grannySays();
    await family.settle();
    const stamp = (await dad.store.list('waiting', '')).length;
    expect(stamp).toBe(1);
    for (const liar of [granny, bridge]) {
      const signature = signWith(liar.keys, new Uint8Array(165));
      await claim(liar, id, joined([liar.member.signKey!, signature]), mum);
      expect(await told(dad)).toContain('refused envelope-sender');
    }
    await family.settle();
    for (const device of [mum, dad, bridge]) expect(await offered(device)).toBeNull();
  });

  it('that is no adult’s signature of this very stamp is refused', async () => {
    const { mum, dad, granny, bridge, toyId } = family;
    const id = await grannySays();
    await family.settle();
    const policy = (await policyOf(bridge, toyId))!;
    const another = await grannySays();
    await family.settle();
    const voices = await Promise.all(
      [id, another].map((each) => findVoice(bridge.store, bridge.keys, 'waiting', each)),
    );
    const [held, other] = voices;
    expect(isHeld(policy, held!)).toBe(true);
    const sign = (device: Device, stamp: Uint8Array) => signWith(device.keys, countersignSigningBytes(stamp));
    const forged = [
      // Of another message; by one adult in the name of another; by the sender herself.
      joined([dad.member.signKey!, sign(dad, other!.stamp)]),
      joined([mum.member.signKey!, sign(dad, held!.stamp)]),
      joined([granny.member.signKey!, sign(granny, held!.stamp)]),
    ];
    for (const countersignature of forged) {
      await claim(dad, id, countersignature);
      expect(await told(bridge)).toContain('refused stamp-approval');
      expect(await told(mum)).toContain('refused stamp-approval');
    }
    expect(await offered(bridge)).toBeNull();
    await claim(dad, id, joined([dad.member.signKey!, sign(dad, held!.stamp)]));
    await exchange(bridge, {});
    expect(await offered(bridge)).toBe(idText(id));
  });
});

/** A relay that gives the newest first. */
function reversed(device: Device): Device {
  const { mailbox } = device;
  return {
    ...device,
    mailbox: {
      ...mailbox,
      listMailbox: async (after, limit) => {
        if (after > 0) return { items: [], more: false };
        const page = await mailbox.listMailbox(0, limit);
        return { items: [...page.items].reverse(), more: false };
      },
    },
  };
}
