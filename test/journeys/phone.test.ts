// A parent's phone that is the only bridge: it hears the child and brings what the family says, over a radio on which a person chose the toy.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveLetter } from '#bridge/approvals.ts';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { sendPolicy } from '#bridge/granting.ts';
import { grantOf, keepGrant, keepPolicy, policyOf } from '#bridge/grants.ts';
import { enrolToy } from '#bridge/guardian.ts';
import { signWith } from '#bridge/keys.ts';
import { letterStream, listLetters } from '#bridge/letters.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { type Phone, type PhoneEvent, runPhone } from '#bridge/phone.ts';
import type { Radio } from '#bridge/radio.ts';
import { addDevice, type Household } from '#cli/household.ts';
import { createRoom } from '#cli/room.ts';
import { idText, ROLE_ADULT, ROLE_RELATIVE, ROLE_TOY } from '#protocol/family/member.ts';
import { rootSigner } from '#protocol/family/sign.ts';
import { encodePolicy, putPolicySignature } from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { policyClipKey, policyCounter, policySigningBytes } from '#protocol/policy/policy.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { createHappenings } from '#test/support/happenings.ts';
import {
  ANSWER,
  beginJourney,
  isWholeSound,
  isWholeVoice,
  type Journey,
  tells,
} from '#test/support/journey.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

let journey: Journey;
let dad: Device;
let granny: Device;
let phone: Phone;
const told = createHappenings<PhoneEvent>();
const stop = new AbortController();
let radio: Radio;

beforeAll(async () => {
  journey = await beginJourney({
    board: 'c3-plush',
    room: createRoom('memory'),
    async beforePairing({ adult, relay }) {
      // A toy that is elsewhere, and would be tried first.
      await enrolToy(adult, sodium.crypto_scalarmult_base(sodium.randombytes_buf(32)));
      dad = await addDevice(adult, ROLE_ADULT, relay.url, createMemoryStore().open(), wallClock);
      granny = await addDevice(adult, ROLE_RELATIVE, relay.url, createMemoryStore().open(), wallClock);
    },
  });
  const { household, toyId } = journey;
  await dad.family.refresh();
  const own = (await grantOf(household.adult, toyId))!;
  for (const { id, role } of dad.family.roster.members.values()) {
    if (role !== ROLE_TOY) continue;
    const linkPsk = bridgePsk(own.toyRoot!, dad.member.linkKey!);
    const grant = { ...own, deviceId: dad.member.id, linkPsk, toyRoot: null };
    await dad.store.write([keepGrant(dad, id, grant)]);
  }
  const from = journey.bridge.all.length;
  await household.adult.store.write(await keepPolicy(household.adult, toyId, await familyPolicy(household)));
  await sendPolicy(household.adult, toyId);
  household.person.wake();
  await journey.bridge.until('policy', (event) => event.event === 'policy' && event.isObeyed, from);
  await household.stopBridge();
  radio = household.room.addRadio();
  const chosen: Radio = {
    ...radio,
    scan: (seen, signal) => radio.scan(({ address }) => seen({ address, nearby: null }), signal),
  };
  phone = runPhone({ device: dad, radio: chosen, random: Math.random, tell: told.note }, stop.signal);
  await told.until('link', ({ event }) => event === 'status');
}, 90_000);
afterAll(async () => {
  stop.abort();
  await phone.ended;
  await radio.close();
  await journey.close();
});

/** Dad's phone may link with the toy; granny may speak to it when an adult approves. */
async function familyPolicy({ adult, bridge }: Household): Promise<Uint8Array> {
  const last = (await policyOf(adult, journey.toyId))!;
  const policy = encodePolicy({
    hasConsent: true,
    quietFrom: QUIET_NONE,
    quietTo: QUIET_NONE,
    volume: 60,
    generation: 1,
    counter: policyCounter(last) + 1,
    issuedAt: adult.nowS(),
    toyId: journey.toyId,
    root: adult.family.roster.rootKey,
    clipKey: policyClipKey(last),
    signer: adult.member.signKey!,
    adults: [adult.member.signKey!, dad.member.signKey!],
    bridges: [bridge.member.linkKey!, dad.member.linkKey!],
    senders: [adult, dad, granny].map((device) => ({
      key: device.member.signKey!,
      rhythm: 1,
      needsApproval: device === granny,
    })),
  });
  putPolicySignature(policy, signWith(adult.keys, policySigningBytes(policy)));
  return policy;
}

async function letterOf(device: Device, id: string) {
  return (await listLetters(device)).find(({ messageId }) => idText(messageId) === id);
}
const isAbout = (name: PhoneEvent['event'], id: string) => (event: PhoneEvent) =>
  event.event === name && 'message' in event && event.message === id;

it('finds the toy behind the address that was chosen, though another was tried first', () => {
  expect(told.all.filter(tells('linked') as (event: PhoneEvent) => boolean)).toEqual([
    { event: 'linked', toy: idText(journey.toyId) },
  ]);
});

it('keeps what the child said for its own person, and sends it to the others', async () => {
  await journey.speak();
  const recorded = await told.until('recording', ({ event }) => event === 'recorded');
  const id = (recorded as { message: string }).message;
  const voice = await journey.heard.until('voice at mum', () => true);
  expect(idText(voice.messageId)).toBe(id);
  expect(isWholeVoice(voice)).toBe(true);
  expect(await letterOf(dad, id)).toMatchObject({ direction: 'from-toy', senderId: dad.member.id });
  expect(await letterStream(dad, voice.messageId)).toEqual(voice.stream);
  // Its own copy does not come again, and another's is not taken for another message.
  expect((await listLetters(dad)).length).toBe(1);
});

it('brings what its person says, and knows when the child has heard it', async () => {
  const id = await speakToToy(dad, journey.toyId, ANSWER);
  const name = idText(id);
  phone.wake();
  await told.until('delivery', isAbout('delivered', name));
  expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
  await told.until('ear', isAbout('heard', name));
  expect(await letterOf(dad, name)).toMatchObject({ progress: 'heard', awaitsApproval: false });
});

it('holds what a relative says until it is approved', async () => {
  await granny.family.refresh();
  let at = told.all.length;
  const id = await speakToToy(granny, journey.toyId, ANSWER);
  const name = idText(id);
  await exchange(granny, {});
  while ((await letterOf(dad, name)) === undefined) {
    await told.until('letter', ({ event }) => event === 'letters', at);
    at = told.all.length;
  }
  expect(await letterOf(dad, name)).toMatchObject({ progress: 'approval', awaitsApproval: true });
  await approveLetter(dad, id, true);
  phone.wake();
  await told.until('delivery', isAbout('delivered', name));
  expect(told.all.filter(isAbout('refused-by-toy', name))).toEqual([]);
  expect(await isWholeSound(await journey.listen(), ANSWER)).toBe(true);
  while ((await letterOf(granny, name))!.progress !== 'heard') await exchange(granny, {});
});

it('ends with everything when the family has put it out', async () => {
  const { adult, rootSeed } = journey.household;
  await adult.family.append({ op: 'remove', ids: [dad.member.id] }, [rootSigner(rootSeed)]);
  phone.wake();
  await phone.ended;
  expect(told.all.at(-1)).toMatchObject({ event: 'unlinked' });
  expect(told.all.filter(({ event }) => event === 'trouble').at(-1)).toMatchObject({
    where: 'relay',
    code: 'removed',
  });
});
