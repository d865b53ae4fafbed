// Who would speak to the child without the yes that the toy asks for: the relative herself, and a thief with the whole home of a bridge.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveLetter } from '#bridge/approvals.ts';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { sendPolicy } from '#bridge/granting.ts';
import { keepPolicy, policyOf } from '#bridge/grants.ts';
import { signWith } from '#bridge/keys.ts';
import { listLetters } from '#bridge/letters.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { keepVoice, listVoices, type Voice } from '#bridge/voices.ts';
import { addDevice } from '#cli/household.ts';
import { createRoom } from '#cli/room.ts';
import { idText, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { encodePolicy, putCountersignature, putPolicySignature } from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { policyClipKey, policyCounter, policySigningBytes } from '#protocol/policy/policy.ts';
import { countersignSigningBytes } from '#protocol/policy/stamp.ts';
import { ANSWER, beginJourney, isWholeSound, type Journey, tells } from '#test/support/journey.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

let journey: Journey;
let granny: Device;
let policy: Uint8Array;

beforeAll(async () => {
  journey = await beginJourney({
    board: 'c3-plush',
    room: createRoom('memory'),
    async beforePairing({ adult, relay }) {
      granny = await addDevice(adult, ROLE_RELATIVE, relay.url, createMemoryStore().open(), wallClock);
    },
  });
  const { household, toyId, bridge } = journey;
  const { adult } = household;
  await granny.family.refresh();
  const last = (await policyOf(adult, toyId))!;
  policy = encodePolicy({
    hasConsent: true,
    quietFrom: QUIET_NONE,
    quietTo: QUIET_NONE,
    volume: 60,
    generation: 1,
    counter: policyCounter(last) + 1,
    issuedAt: adult.nowS(),
    toyId,
    root: adult.family.roster.rootKey,
    clipKey: policyClipKey(last),
    signer: adult.member.signKey!,
    adults: [adult.member.signKey!],
    bridges: [household.bridge.member.linkKey!],
    senders: [adult, granny].map((device) => ({
      key: device.member.signKey!,
      rhythm: 1,
      needsApproval: device === granny,
    })),
  });
  putPolicySignature(policy, signWith(adult.keys, policySigningBytes(policy)));
  const from = bridge.all.length;
  await adult.store.write(await keepPolicy(adult, toyId, policy));
  await sendPolicy(adult, toyId);
  household.person.wake();
  await bridge.until('policy', (event) => event.event === 'policy' && event.isObeyed, from);
}, 90_000);
afterAll(() => journey.close());

const progressOf = async (device: Device, id: Uint8Array) =>
  (await listLetters(device)).find(({ messageId }) => idText(messageId) === idText(id))?.progress;

it('the toy itself takes no message but with an adult’s own signature of it', async () => {
  const { household, bridge: told, toy, toyId } = journey;
  const { adult, bridge } = household;
  const id = await speakToToy(granny, toyId, ANSWER);
  const name = idText(id);
  // An honest bridge holds it, and says so.
  while ((await progressOf(granny, id)) !== 'approval') await exchange(granny, {});
  expect(told.all.filter(({ event }) => event === 'delivered' || event === 'refused-by-toy')).toEqual([]);
  await household.stopBridge();
  const held = (await listVoices(bridge.store, bridge.keys, 'waiting')).find(
    ({ messageId }) => idText(messageId) === name,
  )!;

  // The thief's bridge holds nothing back: it knows no policy, and offers what it likes.
  const withoutPolicy = { collection: 'policies', key: idText(toyId), value: null } as const;
  const signed = (by: Device, inTheNameOf = by): Voice => {
    const stamp = held.stamp.slice();
    const signature = signWith(by.keys, countersignSigningBytes(stamp));
    putCountersignature(stamp, inTheNameOf.member.signKey!, signature);
    return { ...held, stamp };
  };
  const from = toy.all.length;
  for (const attempt of [
    held,
    signed(bridge),
    signed(granny),
    signed(bridge, adult),
    signed(granny, adult),
  ]) {
    const before = told.all.length;
    await bridge.store.write([withoutPolicy, keepVoice(bridge.keys, 'waiting', attempt)]);
    household.startBridge();
    await told.until(
      'refusal',
      (event) => event.event === 'refused-by-toy' && event.message === name,
      before,
    );
    await household.stopBridge();
  }
  expect(toy.all.slice(from).some((event) => event.kind === 'heart' && event.isLit)).toBe(false);

  // Not deafness: the same message with an adult's yes is taken, and played.
  await approveLetter(adult, id, true);
  household.person.wake();
  await bridge.store.write([{ ...withoutPolicy, value: policy }, keepVoice(bridge.keys, 'waiting', held)]);
  household.startBridge();
  await told.until('delivery', tells('delivered'));
  expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
  expect(household.toy.errors).toEqual([]);
});
