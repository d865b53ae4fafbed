// Request signatures: the published vector of RFC 9421, and everything that must not pass.
import fc from 'fast-check';
import { type InnerList, parseDictionary, serializeDictionary, serializeInnerList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { encodeKeyId } from '#protocol/relay/key-id.ts';
import {
  type RequestKey,
  readSignature,
  type SignatureHeaders,
  sha256,
  signatureBase,
  signRequest,
  verifyDigest,
  verifyRequest,
} from '#protocol/relay/signature.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { signDigest, signKeys } from '#protocol/sodium/sign.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const NOW_S = 1_772_366_400;
const URL = 'https://relay.example/v1/mailbox?after=0&limit=10';
const keys = signKeys(draw(seeded('signature'), 32));
const signer = { family: draw(seeded('family'), 16), device: draw(seeded('device'), 16) };
const key: RequestKey = { keyId: encodeKeyId(signer), sign: (message) => signDigest(message, keys.secret) };
const nonce = draw(seeded('nonce'), 16);
const body = new TextEncoder().encode('{"cursors":[1]}');

const sign = (
  changes: Partial<{ method: string; url: string; body: Uint8Array }> = {},
  key_ = key,
  createdS = NOW_S,
) => signRequest({ method: 'POST', url: URL, body, ...changes }, key_, nonce, createdS);

async function check(
  headers: Record<string, string>,
  changes: { method?: string; url?: string; body?: Uint8Array; nowS?: number } = {},
) {
  const read = readSignature(changes.method ?? 'POST', changes.url ?? URL, headers);
  verifyRequest(read, keys.publicKey, changes.nowS ?? NOW_S);
  verifyDigest(read, await sha256(changes.body ?? body));
  return read;
}

describe('the signature base', () => {
  // RFC 9421, B.2.6 (test-key-ed25519 of B.1.4).
  const PUBLIC_KEY = Buffer.from('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=', 'base64');
  const SIGNATURE =
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==';
  const INPUT =
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const BASE = `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`;

  it('is that of RFC 9421, and its Ed25519 signature holds', () => {
    const list = parseDictionary(INPUT).get('sig-b26') as InnerList;
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@method', 'POST'],
        ['@path', '/foo'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
        ['content-length', '18'],
      ],
      serializeInnerList(list),
    );
    expect(new TextDecoder().decode(base)).toBe(BASE);
    const signature = Buffer.from(SIGNATURE, 'base64');
    expect(sodium.crypto_sign_verify_detached(signature, base, PUBLIC_KEY)).toBe(true);
    signature[0]! ^= 1;
    expect(sodium.crypto_sign_verify_detached(signature, base, PUBLIC_KEY)).toBe(false);
  });

  it('covers method, target, digest, time, nonce and signer', async () => {
    const headers = await sign();
    const { base } = readSignature('POST', URL, { ...headers });
    const digest = Buffer.from(await sha256(body)).toString('base64');
    const text = `"@method": POST
"@target-uri": ${URL}
"content-digest": sha-256=:${digest}:
"@signature-params": ("@method" "@target-uri" "content-digest");created=${NOW_S};nonce="${Buffer.from(nonce).toString('base64url')}";keyid="${key.keyId}";alg="ed25519";tag="pawpost"`;
    expect(new TextDecoder().decode(base)).toBe(text);
  });
});

describe('a signed request', () => {
  it('is written as the grammar of structured fields has it', async () => {
    const headers = await sign();
    for (const header of Object.values(headers)) {
      expect(serializeDictionary(parseDictionary(header))).toBe(header);
    }
    const [items, values] = parseDictionary(headers['signature-input']).get('pawpost') as InnerList;
    expect(items.map(([name]) => name)).toEqual(['@method', '@target-uri', 'content-digest']);
    expect([...values]).toEqual([
      ['created', NOW_S],
      ['nonce', Buffer.from(nonce).toString('base64url')],
      ['keyid', key.keyId],
      ['alg', 'ed25519'],
      ['tag', 'pawpost'],
    ]);
  });

  it('is read as it was signed', async () => {
    const read = await check({ ...(await sign()) });
    expect(read).toMatchObject({ signer, nonce, createdS: NOW_S });
  });

  it('signed with an empty body is a request without one', async () => {
    const headers = await sign({ method: 'GET', body: new Uint8Array(0) });
    await check({ ...headers }, { method: 'GET', body: new Uint8Array(0) });
  });

  it('fails for another method, target, body or key', async () => {
    const headers = { ...(await sign()) };
    await expect(check(headers, { method: 'PUT' })).rejects.toThrow('request-signature');
    await expect(check(headers, { url: URL.replace('relay.', 'evil.') })).rejects.toThrow(
      'request-signature',
    );
    await expect(check(headers, { url: `${URL}&wait=1` })).rejects.toThrow('request-signature');
    await expect(check(headers, { body: new Uint8Array(1) })).rejects.toThrow('request-signature');
    const other = signKeys(draw(seeded('other'), 32));
    const forged = { ...key, sign: (message: Uint8Array) => signDigest(message, other.secret) };
    await expect(check({ ...(await sign({}, forged)) })).rejects.toThrow('request-signature');
  });

  it('holds for 120 seconds either way', async () => {
    const headers = { ...(await sign()) };
    await check(headers, { nowS: NOW_S + 120 });
    await check(headers, { nowS: NOW_S - 120 });
    await expect(check(headers, { nowS: NOW_S + 121 })).rejects.toThrow('request-time');
    await expect(check(headers, { nowS: NOW_S - 121 })).rejects.toThrow('request-time');
  });

  it('under a key or a point of small order fails, whatever the message', async () => {
    // The neutral element as key and as R, S = 0: passes in verifiers that only check the equation (RFC 8032 section 5.1.7).
    const neutral = new Uint8Array(32);
    neutral[0] = 1;
    const signature = new Uint8Array(64);
    signature[0] = 1;
    const headers = await sign({}, { ...key, sign: () => signature });
    const read = readSignature('POST', URL, { ...headers });
    expect(() => verifyRequest(read, neutral, NOW_S)).toThrow('request-signature');
  });

  it('with S raised by the group order fails', async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const malleate = (message: Uint8Array) => {
      const signature = signDigest(message, keys.secret);
      let s = order;
      for (let i = 0; i < 32; i++) s += BigInt(signature[32 + i]!) << BigInt(8 * i);
      for (let i = 0; i < 32; i++) signature[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
      return signature;
    };
    await expect(check({ ...(await sign({}, { ...key, sign: malleate })) })).rejects.toThrow(
      'request-signature',
    );
  });
});

describe('reading a signature', () => {
  const refuses = (headers: Record<string, string | string[] | undefined>) =>
    expect(() => readSignature('POST', URL, headers)).toThrow(/^request-form$/);

  it('takes one canonical form only', async () => {
    const headers = await sign();
    const input = headers['signature-input'];
    const variants: string[] = [
      input.replace('pawpost=', 'sig1='),
      input.replace('("@method" "@target-uri"', '("@target-uri" "@method"'),
      input.replace(' "content-digest"', ''),
      input.replace('"content-digest")', '"content-digest" "date")'),
      input.replace('"@method"', '"@method";req'),
      input.replace(';alg="ed25519"', ''),
      input.replace('ed25519', 'hmac-sha256'),
      input.replace('tag="pawpost"', 'tag="other"'),
      input.replace(`created=${NOW_S}`, `created="${NOW_S}"`),
      input.replace(`created=${NOW_S}`, `created=${NOW_S}.5`),
      input.replace(`;created=${NOW_S}`, `;created=${NOW_S};expires=${NOW_S + 9}`),
      input.replace('nonce="', 'nonce="A'),
      input.replace('keyid="', 'keyid="A'),
      input.replace('(', '( '),
      input.replace('created=', 'created=0'),
      `${input}\n`,
      ` ${input}`,
      `${input}, ${input}`,
      `${input}, other=()`,
      'pawpost=1',
      '',
    ];
    for (const variant of variants) {
      expect(variant).not.toBe(input);
      refuses({ ...headers, 'signature-input': variant });
    }
    refuses({ ...headers, 'content-digest': headers['content-digest'].replace('sha-256', 'sha-512') });
    refuses({ ...headers, 'content-digest': `${headers['content-digest']}, ${headers['content-digest']}` });
    refuses({ ...headers, 'content-digest': headers['content-digest'].replace('=:', '=:AAAA') });
    refuses({ ...headers, signature: headers.signature.replace('pawpost', 'sig1') });
    // The last character before the padding has spare bits: B, C... spell the same bytes as A.
    refuses({ ...headers, signature: headers.signature.replace(/[AQgw]==:$/, 'B==:') });
    refuses({ ...headers, signature: [headers.signature] });
    for (const name of Object.keys(headers)) refuses({ ...headers, [name]: undefined });
  });

  it('throws nothing but its fault, whatever comes', async () => {
    const good = await sign();
    const names = Object.keys(good) as (keyof SignatureHeaders)[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(200),
        fc.string({ maxLength: 6 }),
        fc.nat(6),
        (name, at, text, cut) => {
          const value = good[name];
          const changed = value.slice(0, at) + text + value.slice(at + cut);
          try {
            const read = readSignature('POST', URL, { ...good, [name]: changed });
            // What still reads must not verify unless nothing was changed.
            if (changed !== value)
              expect(() => verifyRequest(read, keys.publicKey, NOW_S)).toThrow(/^request-/);
          } catch (error) {
            if (!/^request-form$/.test((error as Error).message)) throw error;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
