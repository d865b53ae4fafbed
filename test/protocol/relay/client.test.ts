// The device's side of the relay against answers as they may come: promised ones, refusals, nonsense.
import { describe, expect, it } from 'vitest';
import { type RelayAnswer, type RelayRequest, relayClient } from '#protocol/relay/client.ts';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import { readSignature, sha256, verifyDigest, verifyRequest } from '#protocol/relay/signature.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const keys = signKeys(draw(seeded('client'), 32));
const id = new Uint8Array(16);

function clientOf(answer: RelayAnswer) {
  const requests: RelayRequest[] = [];
  const random = seeded('client nonces');
  const client = relayClient({
    origin: 'https://relay.example',
    key: {
      keyId: encodeKeyId({ family: id, device: id }),
      sign: async (message) => signDigest(message, keys.secret),
    },
    send: async (request) => {
      requests.push(request);
      return answer;
    },
    nowS: () => 1000,
    nonce: () => draw(random, 16),
  });
  return { client, requests };
}

const answer = (status: number, json: unknown): RelayAnswer => ({
  status,
  body: new TextEncoder().encode(JSON.stringify(json)),
});

describe('the client', () => {
  it('signs every request for the address it goes to', async () => {
    const { client, requests } = clientOf(answer(200, { removed: 0, full: [], items: [], more: false }));
    await client.acknowledge([1]);
    await client.putMessage(id, new Uint8Array(9));
    await client.listMailbox(0, 5);
    requests.push(await client.eventsRequest(3));
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://relay.example/v1/mailbox/ack',
      'PUT https://relay.example/v1/messages/AAAAAAAAAAAAAAAAAAAAAA',
      'GET https://relay.example/v1/mailbox?after=0&limit=5',
      'GET https://relay.example/v1/events?after=3',
    ]);
    const nonces = new Set<string>();
    for (const { method, url, headers, body } of requests) {
      const signature = readSignature(method, url, headers);
      verifyRequest(signature, keys.publicKey, 1000);
      verifyDigest(signature, await sha256(body));
      nonces.add(String(signature.nonce));
    }
    expect(nonces.size).toBe(requests.length);
  });

  it('says each refusal by its fault', async () => {
    const faults = {
      401: 'refused',
      403: 'refused',
      404: 'missing',
      422: 'recipient',
      429: 'busy',
      503: 'busy',
      507: 'full',
      500: 'answer',
      302: 'answer',
    };
    for (const [status, name] of Object.entries(faults)) {
      const { client } = clientOf(answer(Number(status), { error: 'x' }));
      await expect(client.readMessage(1)).rejects.toThrow(`relay-${name}`);
    }
    await expect(clientOf(answer(409, {})).client.putMessage(id, id)).rejects.toThrow('relay-conflict');
  });

  it('brings the head that was faster', async () => {
    const head = { length: 2, head: 'AAAA' };
    expect(await clientOf(answer(409, head)).client.appendChain(id, [id])).toEqual({
      length: 2,
      head: new Uint8Array(3),
      appended: false,
    });
    expect((await clientOf(answer(200, head)).client.appendChain(id, [id])).appended).toBe(true);
  });

  it('says nothing where there is nothing', async () => {
    const { client } = clientOf(answer(404, { error: 'missing' }));
    expect(await client.readSafe()).toBeNull();
    expect(await client.readInvitationPart(id, 'answer')).toBeNull();
    await expect(client.putInvitationPart(id, 'request', id)).rejects.toThrow('relay-missing');
    const refused = clientOf(answer(401, {})).client;
    await expect(refused.readInvitationPart(id, 'answer', 5)).rejects.toThrow('relay-refused');
    await expect(refused.readSafe()).rejects.toThrow('relay-refused');
  });

  it('asks for invitations, safe and push at their addresses', async () => {
    const { client, requests } = clientOf(answer(200, { key: Buffer.alloc(65, 4).toString('base64url') }));
    await client.openInvitation(id, new Uint8Array(32));
    await client.putInvitationPart(id, 'request', new Uint8Array(9));
    await client.readInvitationPart(id, 'answer', 25);
    await client.closeInvitation(id);
    await client.putSafe(new Uint8Array(5));
    await client.readSafe();
    expect(await client.pushKey()).toEqual(new Uint8Array(65).fill(4));
    await client.putPush('https://push.example/1');
    await client.putPush(null);
    const hole = '/v1/invitations/AAAAAAAAAAAAAAAAAAAAAA';
    expect(requests.map(({ method, url, body }) => `${method} ${url.slice(21)} ${body.length}`)).toEqual([
      `PUT ${hole} 32`,
      `PUT ${hole}/request 9`,
      `GET ${hole}/answer?wait=25 0`,
      `POST ${hole}/close 0`,
      'PUT /v1/safe 5',
      'GET /v1/safe 0',
      'GET /v1/push 0',
      'PUT /v1/push 37',
      'PUT /v1/push 17',
    ]);
    await expect(clientOf(answer(200, { key: 'AAAA' })).client.pushKey()).rejects.toThrow('relay-answer');
  });

  it('takes nothing but the promised answer', async () => {
    const item = { cursor: 1, message: 'AAAAAAAAAAAAAAAAAAAAAA', sizeBytes: 9 };
    for (const wrong of [
      null,
      {},
      { items: [], more: 'no' },
      { items: [{ ...item, cursor: -1 }], more: false },
      { items: [{ ...item, message: 'AA' }], more: false },
      { items: [{ ...item, sizeBytes: 1e9 }], more: false },
    ]) {
      await expect(clientOf(answer(200, wrong)).client.listMailbox(0, 5)).rejects.toThrow('relay-answer');
    }
    const { client } = clientOf({ status: 200, body: new Uint8Array([255, 254]) });
    await expect(client.listMailbox(0, 5)).rejects.toThrow('relay-answer');
  });
});
