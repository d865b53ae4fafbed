// The relay is killed after each acknowledgement and started again on the same data: what it acknowledged is there, once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wallClock } from '#bridge/clock.ts';
import { isDelivered, markDelivered, nextDelivery } from '#bridge/deliveries.ts';
import type { Device } from '#bridge/device.ts';
import { admit, foundFamily, join } from '#bridge/founding.ts';
import { grantToBridges, sendPolicy } from '#bridge/granting.ts';
import { adoptToy, enrolToy } from '#bridge/guardian.ts';
import { emptyMailbox } from '#bridge/inbox.ts';
import { createKeys, memberOfKeys } from '#bridge/keys.ts';
import { RelayUnreachable } from '#bridge/mailbox.ts';
import { openSqliteStore } from '#bridge/node/sqlite-store.ts';
import { emptyOutbox, postMessage } from '#bridge/outbox.ts';
import { exchange, speakToToy } from '#bridge/person.ts';
import { receiveMessage } from '#bridge/reception.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import { CODEC_OPUS, VOICE_FROM_TOY } from '#protocol/envelope/content.ts';
import { asMember, idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_TOY } from '#protocol/family/member.ts';
import { pinOf } from '#protocol/family/pin.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { ANSWER } from '#test/support/journey.ts';
import { openRelayGate } from '#test/support/relay-gate.ts';

const TRIES = 12;

/** Does a step again while the relay does not answer, as every device does. */
async function again<T>(step: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof RelayUnreachable) || tries === TRIES) throw error;
    }
  }
}

/** Sends and takes all that waits on a bridge. Returns the ids of what it took now. */
async function exchangeBridge(bridge: Device): Promise<string[]> {
  const taken: string[] = [];
  await again(async () => {
    await emptyOutbox(bridge, async () => []);
    await emptyMailbox(bridge, {
      receive: (message) => {
        taken.push(idText(message.messageId));
        return receiveMessage(bridge, message);
      },
      isDone: (messageId) => isDelivered(bridge, messageId),
      refused: (_, code) => expect(code).toBe('nothing refused'),
    });
  });
  return taken;
}

async function postFromToy(bridge: Device, toyId: Uint8Array): Promise<string> {
  const id = sodium.randombytes_buf(16);
  const kind = VOICE_FROM_TOY;
  const packets = splitPackets(ANSWER).length;
  const head = {
    kind,
    toyId,
    sentAt: bridge.nowS(),
    durationMs: packets * 60,
    packets,
    codec: CODEC_OPUS,
    extra: new Uint8Array(0),
  } as const;
  const senderId = bridge.member.id;
  const to = recipientsFor(bridge.family.roster, { kind, toyId, senderId, deviceId: null });
  await postMessage(bridge, { id, head, packets: { sizeBytes: ANSWER.length, pieces: [ANSWER] } }, to);
  return idText(id);
}

describe.concurrent('a relay that is killed after each acknowledgement', () => {
  for (const isAnswerLost of [false, true]) {
    it(`keeps what it acknowledged${isAnswerLost ? ', although its answer was lost' : ''}`, async () => {
      const directory = mkdtempSync(pathOf(tmpdir(), 'pawpost-relay-killed-'));
      const stores = ['adult', 'bridge'].map((name) => openSqliteStore(pathOf(directory, `${name}.db`)));
      const gate = await openRelayGate(pathOf(directory, 'relay'), isAnswerLost);
      const heard: string[] = [];
      const receipts: string[] = [];
      const events = {
        heard: ({ messageId }: { messageId: Uint8Array }) => void heard.push(idText(messageId)),
        receipt: ({ messageId }: { messageId: Uint8Array }) => void receipts.push(idText(messageId)),
      };
      try {
        const founder = {
          keys: createKeys(ROLE_ADULT),
          relay: gate.url,
          store: stores[0]!,
          clock: wallClock,
        };
        const { device: adult } = await again(() => foundFamily(founder));
        const keys = createKeys(ROLE_BRIDGE);
        await again(() => admit(adult, [memberOfKeys(keys)]));
        const newcomer = { keys, relay: gate.url, store: stores[1]!, clock: wallClock };
        const bridge = await again(() => join(newcomer, pinOf(adult.family.roster)));
        const linkKey = sodium.crypto_scalarmult_base(sodium.randombytes_buf(32));
        const { id: toyId } = asMember({ role: ROLE_TOY, signKey: null, linkKey, person: null });
        await adoptToy(adult, { toyId, linkKey, toyRoot: sodium.randombytes_buf(32) }, FIRST_WISHES);
        await again(() => enrolToy(adult, linkKey));
        await again(() => grantToBridges(adult, toyId));
        await again(() => sendPolicy(adult, toyId));

        const said = [await speakToToy(adult, toyId, ANSWER), await speakToToy(adult, toyId, ANSWER)];
        await again(() => exchange(adult, events));
        const taken = await exchangeBridge(bridge);
        // Grant, policy, beacon and two voices.
        expect(taken.length).toBe(5);
        expect(new Set(taken).size).toBe(5);
        expect(taken).toEqual(expect.arrayContaining(said.map(idText)));
        for (const _ of said) await markDelivered(bridge, (await nextDelivery(bridge, toyId))!.id, false);
        const fromToy = await again(() => postFromToy(bridge, toyId));
        expect(await exchangeBridge(bridge)).toEqual([]);
        await again(() => exchange(adult, events));

        expect(heard).toEqual([fromToy]);
        expect(receipts.sort()).toEqual(said.map(idText).sort());
        for (const device of [adult, bridge]) {
          expect((await again(() => device.mailbox.listMailbox(0, 100))).items).toEqual([]);
          expect(await again(() => device.family.refresh())).toBe(false);
          expect(device.family.roster.number).toBe(2);
          expect(await device.store.list('outbox', '')).toEqual([]);
        }
        const routes = new Set(gate.kills);
        expect([...routes].sort()).toEqual([
          'POST /v1/families',
          'POST /v1/families/:family/chain',
          'POST /v1/mailbox/ack',
          'PUT /v1/messages/:message',
          'PUT /v1/prekeys',
          'PUT /v1/safe',
        ]);
        console.log(
          `the relay was killed ${gate.kills.length} times, answers ${isAnswerLost ? 'lost' : 'given'}`,
        );
      } finally {
        await gate.close();
        for (const store of stores) await store.close();
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
}, 120_000);
