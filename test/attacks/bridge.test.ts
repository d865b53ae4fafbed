// A stolen bridge, with its whole home: its keys, its store, its place in the family. It can delay and listen; it cannot speak as
// anybody, nor make the toy obey, nor stay when it has been put out.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import { nextDelivery } from '#bridge/deliveries.ts';
import { dismiss } from '#bridge/founding.ts';
import { grantToBridges } from '#bridge/granting.ts';
import { grantOf, policyOf } from '#bridge/grants.ts';
import { renewPolicy } from '#bridge/guardian.ts';
import { emptyMailbox } from '#bridge/inbox.ts';
import { runBridge } from '#bridge/main.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { postMessage } from '#bridge/outbox.ts';
import { exchange } from '#bridge/person.ts';
import { receiveMessage } from '#bridge/reception.ts';
import type { Delivery } from '#bridge/toy-session.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { addDevice } from '#cli/household.ts';
import { createRoom } from '#cli/room.ts';
import { ASK_BYTES, encodeAsk } from '#protocol/ble/records.ts';
import { CODEC_OPUS, type ContentHead, VOICE_TO_TOY } from '#protocol/envelope/content.ts';
import { idText, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { RECORD_PLAIN_BYTES } from '#protocol/link/records.ts';
import { encodePolicy, encodeStamp, putPolicySignature, putStampSignature } from '#protocol/policy/encode.ts';
import { QUIET_NONE } from '#protocol/policy/layout.ts';
import { policyClipKey, policyCounter, policySigningBytes } from '#protocol/policy/policy.ts';
import { stampSigningBytes } from '#protocol/policy/stamp.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signKeys } from '#protocol/sodium/sign.ts';
import { ANSWER, beginJourney, isOpen, type Journey } from '#test/support/journey.ts';
import { draw, seeded } from '#test/support/seeded.ts';
import { linkStolenBridge, type Thief } from './stolen-bridge.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let journey: Journey;
const leaving: (() => Promise<void>)[] = [];
beforeAll(async () => {
  journey = await beginJourney({ board: 'c3-plush', room: createRoom('memory'), hasBridge: false });
  await exchange(journey.household.adult, {});
  await fetchMail();
});
// The relay may wait long for a connection that is kept alive; by then nothing is left to be looked at.
afterAll(() => journey.close());
afterEach(async () => {
  for (const leave of leaving.splice(0)) await leave();
});

/** The bridge’s own program takes what the relay has for it, and no radio is on. */
async function fetchMail(refused: string[] = []): Promise<void> {
  const { bridge } = journey.household;
  await emptyMailbox(bridge, {
    receive: (message) => receiveMessage(bridge, message),
    isDone: async () => false,
    refused: (_, code) => refused.push(code),
  });
}

/** A message that the adult has sent and the bridge holds. */
async function messageOf(): Promise<Delivery> {
  const { household, toyId } = journey;
  await journey.answer();
  await exchange(household.adult, {});
  await fetchMail();
  const delivery = (await nextDelivery(household.bridge, toyId))!;
  // The thief’s copy; the bridge’s own is taken out of the way of the next one.
  for (const { key } of await household.bridge.store.list('waiting', ''))
    await household.bridge.store.write([{ collection: 'waiting', key, value: null }]);
  return delivery;
}

/** The stolen bridge links; at the end of the test it is gone. */
async function linkAsThief(): Promise<Thief> {
  const thief = await linkStolenBridge(journey);
  leaving.push(thief.leave);
  return thief;
}

const packetsOf = (delivery: Delivery, packets: Uint8Array): Delivery => ({
  ...delivery,
  packets,
  end: { ...delivery.end, bytes: packets.length, hash: sodium.crypto_generichash(32, packets, null) },
});

/** True if the heart has stayed dark since event `from`, through more than a round of its beats. */
async function isDark(from: number): Promise<boolean> {
  await pause(2500);
  const { household, toy } = journey;
  return !household.toy.heart.isLit && !toy.all.slice(from).some(({ kind }) => kind === 'heart');
}

describe('a stolen bridge', () => {
  it('cannot make up, alter or replay a message: the heart stays dark', async () => {
    const { household, toy, toyId } = journey;
    const { adult, bridge } = household;
    const genuine = await messageOf();
    let thief = await linkAsThief();
    await pause(1500);
    const from = toy.all.length;
    const adultKey = signKeys(adult.keys.signSeed).publicKey;
    const bridgeKeys = signKeys(bridge.keys.signSeed);
    const madeUp = (sender: Uint8Array): Delivery => {
      const id = sodium.randombytes_buf(16);
      const { hash } = genuine.end;
      const stamp = encodeStamp({ toyId, messageId: id, sender, sequence: 9, hash });
      putStampSignature(stamp, sodium.crypto_sign_detached(stampSigningBytes(stamp), bridgeKeys.secret));
      return { ...genuine, id, stamp };
    };
    const stampWith = (at: number): Delivery => {
      const stamp = genuine.stamp.slice();
      stamp[at]! ^= 1;
      return { ...genuine, stamp };
    };
    const altered = genuine.packets.slice();
    altered[altered.length - 3]! ^= 1;
    const attempts: Record<string, Delivery> = {
      'in its own name': madeUp(bridgeKeys.publicKey),
      'in the name of an adult': madeUp(adultKey),
      'another toy’s': stampWith(0),
      'under another id': { ...genuine, id: sodium.randombytes_buf(16) },
      'with another sequence': stampWith(64),
      'with another hash': stampWith(68),
      'without a signature': stampWith(100),
      altered: packetsOf(genuine, altered),
      'altered, with the hash that was signed': { ...genuine, packets: altered },
      shortened: packetsOf(genuine, genuine.packets.subarray(0, genuine.packets.length - 20)),
    };
    for (const [attempt, delivery] of Object.entries(attempts))
      expect(`${attempt}: ${await thief.offer(delivery)}`).toBe(`${attempt}: refused`);
    expect(await isDark(from)).toBe(true);

    // The one thing that it can do: deliver what was given to it. So the above was no deafness. On another link, since the toy repeats
    // what it has answered about a clip.
    await thief.leave();
    thief = await linkAsThief();
    expect(await thief.offer(genuine)).toBe('taken');
    await toy.until('light', (event) => event.kind === 'heart' && event.isLit, from);
    await journey.listen();
    const heard = journey.speaker.played.length;
    // The child’s ear is the proof: the same again is neither shown nor played.
    await pause(1000);
    const after = toy.all.length;
    expect(await thief.offer(genuine)).toBe('taken');
    expect(await isDark(after)).toBe(true);
    household.toy.press();
    await pause(150);
    household.toy.release();
    await pause(800);
    expect(journey.speaker.played).toHaveLength(heard);
    await thief.leave();
  });

  it('learns of messages only which of those that it can name were heard', async () => {
    const { household, speaker } = journey;
    const genuine = await messageOf();
    const thief = await linkAsThief();
    const ask = (id: Uint8Array, isKnown: boolean) => {
      const record = new Uint8Array(ASK_BYTES);
      encodeAsk(id, isKnown, record, 0);
      thief.link.send(record);
      return pause(30);
    };
    expect(await thief.offer(genuine)).toBe('taken');
    // Neither what waits, nor what is not there, nor what is nearly right; not by saying that it knows, either.
    const near = Array.from({ length: 16 }, (_, at) => {
      const id = genuine.id.slice();
      id[at]! ^= 1;
      return id;
    });
    const random = seeded('ids');
    const others = [...near, ...Array.from({ length: 50 }, () => draw(random, 16)), new Uint8Array(16)];
    for (const id of [genuine.id, ...others]) for (const isKnown of [true, false]) await ask(id, isKnown);
    await pause(500);
    expect(thief.told).toEqual([]);
    const played = speaker.played.length;
    await journey.listen();
    expect(speaker.played.length).toBe(played + 1);
    await pause(500);
    for (const id of others) await ask(id, false);
    await pause(500);
    expect(thief.told).toEqual([idText(genuine.id)]);
    await ask(genuine.id, false);
    await pause(500);
    expect(thief.told).toEqual([idText(genuine.id), idText(genuine.id)]);
    expect(household.toy.errors).toEqual([]);
    await thief.leave();
  });

  it('cannot make the toy record by any record at all', async () => {
    const { household, toy } = journey;
    const thief = await linkAsThief();
    const from = toy.all.length;
    const random = seeded('opcodes');
    for (let op = 0; op < 256; op++) {
      for (const bytes of [1, 2, 5, 17, 33, 65, 295, 901, RECORD_PLAIN_BYTES]) {
        const record = draw(random, bytes);
        record[0] = op;
        thief.link.send(record);
      }
      if (op % 8 === 0) await pause(20);
    }
    await pause(500);
    expect(toy.all.slice(from).filter(isOpen('microphone', true))).toEqual([]);
    expect(household.toy.errors).toEqual([]);
    await thief.leave();
  });

  it('cannot give the toy a policy of its own, nor an older one', async () => {
    const { household, toyId } = journey;
    const { adult, bridge } = household;
    const first = (await policyOf(bridge, toyId))!;
    await renewPolicy(adult, toyId, { ...FIRST_WISHES, volume: 40 });
    const second = (await policyOf(adult, toyId))!;
    expect(policyCounter(second)).toBe(policyCounter(first) + 1);
    const own = signKeys(bridge.keys.signSeed);
    const write = (signer: Uint8Array, generation: number, counter: number) => {
      const policy = encodePolicy({
        hasConsent: true,
        quietFrom: QUIET_NONE,
        quietTo: QUIET_NONE,
        volume: 100,
        generation,
        counter,
        issuedAt: Math.floor(Date.now() / 1000),
        toyId,
        root: adult.family.roster.rootKey,
        clipKey: policyClipKey(first),
        signer,
        adults: [own.publicKey],
        bridges: [bridge.member.linkKey!],
        senders: [{ key: own.publicKey, rhythm: 1, needsApproval: false }],
      });
      putPolicySignature(policy, sodium.crypto_sign_detached(policySigningBytes(policy), own.secret));
      return policy;
    };
    const louder = second.slice();
    louder[6] = 100;
    const thief = await linkAsThief();
    expect(await thief.bring(second)).toBe(true);
    for (const policy of [
      write(own.publicKey, 1, 50),
      write(own.publicKey, 2, 1),
      write(adult.member.signKey!, 1, 50),
      write(adult.family.roster.rootKey, 2, 1),
      louder,
      second,
      first,
    ])
      expect(await thief.bring(policy)).toBe(false);
    await thief.leave();
  });

  it('cannot speak through the relay either: who may send what is in the family’s chain', async () => {
    const { household, toyId } = journey;
    const { adult, bridge } = household;
    const genuine = await messageOf();
    const { id } = genuine;
    const head: ContentHead = {
      kind: VOICE_TO_TOY,
      toyId,
      sentAt: bridge.nowS(),
      durationMs: genuine.end.durationMs,
      packets: genuine.end.packets,
      codec: CODEC_OPUS,
      extra: genuine.stamp,
    };
    const [recipient] = [...bridge.family.roster.members.values()].filter(
      (member) => idText(member.id) === idText(adult.member.id),
    );
    const packets = { sizeBytes: ANSWER.length, pieces: [ANSWER] };
    await postMessage(bridge, { id, head, packets }, [recipient as never]);
    await bridge.mailbox.putMessage(id, (await bridge.store.get('outbox', idText(id)))!);
    await bridge.store.write([{ collection: 'outbox', key: idText(id), value: null }]);
    const refused: string[] = [];
    await exchange(adult, { refused: (messageId, code) => refused.push(`${idText(messageId)} ${code}`) });
    expect(refused).toEqual([`${idText(id)} envelope-sender`]);
  });

  it('that has been put out gets silence from toy and relay, and the other bridge serves the toy', async () => {
    const { household, toyId, directory } = journey;
    const { adult, bridge, relay, room } = household;
    const store = openSqliteStore(`${directory}/bridge-two.db`);
    const second = await addDevice(adult, ROLE_BRIDGE, relay.url, store, wallClock);
    await grantToBridges(adult, toyId);
    await renewPolicy(adult, toyId, FIRST_WISHES);
    const thief = await linkAsThief();
    expect(await thief.bring((await policyOf(adult, toyId))!)).toBe(true);
    const stale = (await policyOf(adult, toyId))!;
    await thief.leave();

    await dismiss(adult, [bridge.member.id]);
    await renewPolicy(adult, toyId, FIRST_WISHES);
    await exchange(adult, {});
    const stop = new AbortController();
    const radio = room.addRadio();
    const running = runBridge(
      { device: second, radio, random: Math.random, tell: journey.bridge.note },
      stop.signal,
    );
    await journey.bridge.until('policy', (event) => event.event === 'policy' && event.isObeyed);
    await journey.answer();
    await journey.bridge.until('delivery', ({ event }) => event === 'delivered');
    stop.abort();
    await running;
    await radio.close();
    expect((await grantOf(second, toyId))!.toyRoot).toBeNull();

    expect(await bridge.family.refresh()).toBe(true);
    expect(bridge.family.roster.members.has(idText(bridge.member.id))).toBe(false);
    await expect(bridge.family.refresh()).rejects.toThrow('relay-refused');
    await expect(exchange(bridge, {})).rejects.toThrow('removed');
    await expect(linkAsThief()).rejects.toThrow('link: silence');
    expect(policyCounter(stale)).toBeLessThan(policyCounter((await policyOf(second, toyId))!));
    expect(household.toy.errors).toEqual([]);
    await store.close();
  });
});
