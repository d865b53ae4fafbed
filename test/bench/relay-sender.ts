// The other end of the relay's benchmark, in a process of its own: signs all its messages first, sends them when told to.
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { encryptedBytes, padmeBytes } from '#protocol/envelope/body-size.ts';
import {
  encodeHeader,
  encodeUploaded,
  WRAP_CIPHERTEXT_BYTES,
  WRAP_SEALED_BYTES,
} from '#protocol/envelope/header.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { type RelayRequest, relayClient } from '#protocol/relay/client.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import { signDigest } from '#protocol/sodium/sign.ts';
import { testDevice, testFamily } from '#test/support/family.ts';
import { draw, seeded } from '#test/support/seeded.ts';

export const MESSAGES = 4000;
export const CONCURRENCY = 32;
const LONE_MESSAGES = 51;
/** Sent before the clock starts, so that it times the relay and not the compiler. */
const WARMING_MESSAGES = 1500;
const CLIP_BYTES = 20_480;

const sender = testDevice('bench sender', ROLE_ADULT);
const reader = testDevice('bench reader', ROLE_ADULT);
const family = testFamily('bench', [sender.member, reader.member]);
const random = seeded('bench');

/** The benchmark's family on a relay. Requests that it makes are signed and kept, not sent. */
export function senderOfBench(origin: string) {
  const kept: RelayRequest[] = [];
  const parts = {
    origin,
    key: {
      keyId: encodeKeyId({ family: family.familyId, device: sender.member.id }),
      sign: (message: Uint8Array) => signDigest(message, sender.signer.secret),
    },
    nowS: () => Math.floor(Date.now() / 1000),
    nonce: () => crypto.getRandomValues(new Uint8Array(16)),
  };
  const keeping = relayClient({
    ...parts,
    send: async (made) => {
      kept.push(made);
      return { status: 200, body: new TextEncoder().encode('{"full":[]}') };
    },
  });
  return {
    createFamily: () =>
      relayClient({
        ...parts,
        send: async ({ method, url, headers, body }) => {
          const answer = await fetch(url, { method, headers, body: body as Uint8Array<ArrayBuffer> });
          return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
        },
      }).createFamily(family.entries),
    /** Signed uploads of as many messages, each of its own id and body. */
    async uploads(count: number): Promise<RelayRequest[]> {
      for (let i = 0; i < count; i++) {
        const { message, envelope } = envelopeOfBench();
        await keeping.putMessage(message, envelope);
      }
      return kept.splice(0);
    },
  };
}

/** An envelope that has all sizes right and no key in it: the relay cannot tell the difference, by design. */
function envelopeOfBench(): { message: Uint8Array; envelope: Uint8Array } {
  const message = crypto.getRandomValues(new Uint8Array(16));
  const body = new Uint8Array(encryptedBytes(padmeBytes(CLIP_BYTES)));
  for (let i = 0; i < body.length; i += 65_536) crypto.getRandomValues(body.subarray(i, i + 65_536));
  const header = encodeHeader({
    messageId: message,
    familyId: family.familyId,
    senderId: sender.member.id,
    headNumber: 0,
    head: family.roster.head,
    bodyBytes: body.length,
    bodyHash: draw(random, 32),
    commitment: draw(random, 32),
  });
  const ciphertext = new Uint8Array(WRAP_CIPHERTEXT_BYTES);
  const wrap = {
    deviceId: reader.member.id,
    window: 1,
    ciphertext,
    sealed: new Uint8Array(WRAP_SEALED_BYTES),
  };
  const front = encodeUploaded(header, new Uint8Array(64), [wrap]);
  const envelope = new Uint8Array(front.length + body.length);
  envelope.set(front);
  envelope.set(body, front.length);
  return { message, envelope };
}

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

/** Sends one upload; resolves when it is acknowledged. */
function send({ method, url, headers, body }: RelayRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, agent, headers: { ...headers, 'content-length': body.length } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Sends all of them, CONCURRENCY at a time. */
async function sendAll(uploads: readonly RelayRequest[]): Promise<void> {
  const queue = uploads[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const upload of queue) await send(upload);
    }),
  );
}

async function main(origin: string): Promise<void> {
  const bench = senderOfBench(origin);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  await lines.next();
  const loneMs: number[] = [];
  for (const upload of await bench.uploads(LONE_MESSAGES)) {
    const begun = performance.now();
    await send(upload);
    loneMs.push(performance.now() - begun);
  }
  await sendAll(await bench.uploads(WARMING_MESSAGES));
  const uploads = await bench.uploads(MESSAGES);
  console.log(loneMs.sort((a, b) => a - b)[Math.floor(LONE_MESSAGES / 2)]);
  await lines.next();
  const begun = performance.now();
  await sendAll(uploads);
  console.log((performance.now() - begun) / 1000);
  agent.destroy();
}

if (process.argv[1] === new URL(import.meta.url).pathname) await main(process.argv[2]!);
