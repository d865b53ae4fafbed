// Bodies as a member with a real key, but a program of its own, might seal them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyInMemory, openBody } from '#protocol/envelope/body.ts';
import { encryptedBytes, padmeBytes, plaintextBytes } from '#protocol/envelope/body-size.ts';
import { encodeHead } from '#protocol/envelope/content.ts';
import { framedKey } from '#protocol/sodium/hash.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { joined, voiceHead } from '#test/support/envelope.ts';
import { draw, seeded } from '#test/support/seeded.ts';

const KEY = draw(seeded('key'), 32);
const MESSAGE_ID = draw(seeded('message'), 16);
const HEAD = encodeHead(voiceHead(draw(seeded('toy'), 16), 1000));
const TAG_MESSAGE = 0;
const TAG_FINAL = 3;

/** A body of these plaintext chunks and tags. */
function sealed(chunks: [Uint8Array, number][]): Uint8Array {
  const start = draw(seeded('start'), 24);
  const key = framedKey(KEY, 'pawpost1/body', MESSAGE_ID);
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(start, key);
  const pieces = [start];
  for (const [plain, tag] of chunks)
    pieces.push(sodium.crypto_secretstream_xchacha20poly1305_push(state, plain, MESSAGE_ID, tag));
  return joined(pieces);
}

/** Lengths, head, packets, and then zeros up to `total`. */
function plain(packetBytes: number, total: number, head = HEAD, headBytes = head.length): Uint8Array {
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setUint32(0, headBytes, true);
  new DataView(bytes.buffer).setUint32(4, packetBytes, true);
  bytes.set(head, 8);
  bytes.fill(7, 8 + head.length, 8 + head.length + packetBytes);
  return bytes;
}

async function opened(body: Uint8Array): Promise<number> {
  let given = 0;
  const count = (piece: Uint8Array) => {
    given += piece.length;
  };
  await openBody(MESSAGE_ID, KEY, bodyInMemory(body), count, () => {});
  return given;
}

const PACKETS = 1000;
const PADDED = padmeBytes(8 + HEAD.length + PACKETS);

describe('a body', () => {
  it('opens when it is made as said', async () => {
    expect(await opened(sealed([[plain(PACKETS, PADDED), TAG_FINAL]]))).toBe(PACKETS);
  });

  it('must end with the final tag, and only there', async () => {
    await expect(opened(sealed([[plain(PACKETS, PADDED), TAG_MESSAGE]]))).rejects.toThrow('envelope-body');
    const total = padmeBytes(8 + HEAD.length + 30000);
    const long = plain(30000, total);
    const halves = [long.subarray(0, 16384), long.subarray(16384)] as const;
    expect(
      await opened(
        sealed([
          [halves[0], TAG_MESSAGE],
          [halves[1], TAG_FINAL],
        ]),
      ),
    ).toBe(30000);
    await expect(
      opened(
        sealed([
          [halves[0], TAG_FINAL],
          [halves[1], TAG_FINAL],
        ]),
      ),
    ).rejects.toThrow('envelope-body');
  });

  it('must be padded to the Padmé size of its content, with zeros', async () => {
    const short = padmeBytes(PADDED - 100);
    expect(short).toBeLessThan(PADDED);
    await expect(opened(sealed([[plain(PACKETS, short), TAG_FINAL]]))).rejects.toThrow('content-form');
    const next = padmeBytes(PADDED + 1);
    await expect(opened(sealed([[plain(PACKETS, next), TAG_FINAL]]))).rejects.toThrow('content-form');
    const dirty = plain(PACKETS, PADDED);
    dirty[PADDED - 1] = 1;
    await expect(opened(sealed([[dirty, TAG_FINAL]]))).rejects.toThrow('content-form');
    const unpadded = plain(PACKETS, PADDED + 1);
    await expect(opened(sealed([[unpadded, TAG_FINAL]]))).rejects.toThrow('envelope-form');
  });

  it('must have lengths that it can hold', async () => {
    for (const headBytes of [0, HEAD.length - 1, HEAD.length + 1, 4097, 0xffffffff]) {
      const lying = plain(PACKETS, PADDED, HEAD, headBytes);
      await expect(opened(sealed([[lying, TAG_FINAL]]))).rejects.toThrow('content-form');
    }
    for (const packetBytes of [0, PACKETS + 900, 0xffffffff]) {
      const lying = plain(PACKETS, PADDED);
      new DataView(lying.buffer).setUint32(4, packetBytes, true);
      await expect(opened(sealed([[lying, TAG_FINAL]]))).rejects.toThrow('content-form');
    }
    await expect(opened(sealed([[new Uint8Array(4), TAG_FINAL]]))).rejects.toThrow('content-form');
  });

  it('shows its head before the first packet', async () => {
    const body = sealed([[plain(PACKETS, PADDED), TAG_FINAL]]);
    let given = 0;
    const refusing = () => {
      throw new Error('not this one');
    };
    const opening = openBody(MESSAGE_ID, KEY, bodyInMemory(body), () => void given++, refusing);
    await expect(opening).rejects.toThrow('not this one');
    expect(given).toBe(0);
  });
});

describe('sizes', () => {
  it('grow by at most 12 percent, and padding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (length) => {
        const padded = padmeBytes(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded).toBeLessThanOrEqual(length * 1.12);
        expect(padmeBytes(padded)).toBe(padded);
        expect(padmeBytes(length + 1)).toBeGreaterThanOrEqual(padded);
      }),
    );
  });

  it('are those of the paper', () => {
    // PURB paper, figure of Padmé: 9 -> 10, and the sizes measured for clips.
    expect([0, 1, 2, 8, 9, 17, 20484, 60004, 120004].map(padmeBytes)).toEqual([
      0, 1, 2, 8, 10, 18, 21504, 61440, 120832,
    ]);
  });

  it('of body and content belong together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 160_000 }), (length) => {
        const padded = padmeBytes(length);
        expect(plaintextBytes(encryptedBytes(padded))).toBe(padded);
        if (padded !== length) expect(() => plaintextBytes(encryptedBytes(length))).toThrow('envelope-form');
      }),
    );
    for (const none of [0, 24, 41]) expect(() => plaintextBytes(none)).toThrow('envelope-form');
  });
});
