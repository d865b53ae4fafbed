// Byte-exact vectors of the records that move a clip.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { u16 } from '#protocol/bytes.ts';
import * as clip from '#protocol/clip/records.ts';

const vectors = (
  JSON.parse(readFileSync('test/vectors/clips.json', 'utf8')) as {
    records: {
      kind: string;
      name: string;
      bytes: string;
      expect: string;
      fields?: Record<string, unknown>;
    }[];
  }
).records;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const written = (encode: (out: Uint8Array, offset: number) => number): string => {
  const out = new Uint8Array(1200).fill(0xee);
  const length = encode(out, 3);
  expect(out.subarray(0, 3).every((byte) => byte === 0xee)).toBe(true);
  expect(out.subarray(3 + length).every((byte) => byte === 0xee)).toBe(true);
  return hex(out.subarray(3, 3 + length));
};

const texts = (of: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(of).map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]),
  );

type Read = (bytes: Uint8Array) => { fields: Record<string, unknown>; again: string };

const offer =
  (metaBytes: number): Read =>
  (bytes) => {
    const read = clip.decodeOffer(bytes, metaBytes);
    return { fields: texts(read), again: written((o, at) => clip.encodeOffer(read, o, at)) };
  };

const data =
  (chunkBytes: number): Read =>
  (bytes) => {
    clip.checkData(bytes, chunkBytes);
    const chunk = bytes.subarray(clip.DATA_HEAD_BYTES);
    const head = written((o, at) => clip.encodeDataHead(bytes[1]!, u16(bytes, 2), o, at));
    return {
      fields: { handle: bytes[1], chunk: u16(bytes, 2), bytes: hex(chunk) },
      again: head + hex(chunk),
    };
  };

const kinds: Record<string, Read> = {
  offerFromToy: offer(clip.META_FROM_TOY_BYTES),
  offerToToy: offer(clip.META_TO_TOY_BYTES),
  pull: (bytes) => {
    const pull = clip.decodePull(bytes);
    return { fields: texts(pull), again: written((o, at) => clip.encodePull(pull, o, at)) };
  },
  dataFromToy: data(clip.CHUNK_FROM_TOY_BYTES),
  dataToToy: data(clip.CHUNK_TO_TOY_BYTES),
  end: (bytes) => {
    const end = clip.decodeEnd(bytes);
    return {
      fields: texts(end),
      again: written((o, at) => clip.encodeEnd(end.handle, end.chunks, end, o, at)),
    };
  },
  ack: (bytes) => {
    const ack = clip.decodeAck(bytes);
    return { fields: texts(ack), again: written((o, at) => clip.encodeAck(ack, o, at)) };
  },
};

describe('records of a transfer', () => {
  it.each(vectors)('$kind: $name', (vector) => {
    const read = kinds[vector.kind]!;
    const bytes = new Uint8Array(Buffer.from(vector.bytes, 'hex'));
    if (vector.expect !== 'ok') {
      expect(() => read(bytes)).toThrow(new Error(vector.expect));
      return;
    }
    const { fields, again } = read(bytes);
    expect(fields).toEqual(vector.fields);
    expect(again).toBe(vector.bytes);
  });

  it('covers every kind', () => {
    expect(new Set(vectors.map((vector) => vector.kind))).toEqual(new Set(Object.keys(kinds)));
  });
});
