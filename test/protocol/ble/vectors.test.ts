// Byte-exact vectors of the frames in clear, the control records, the advertisement and the fragments.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeAdvertisement, findNearby } from '#protocol/ble/advertisement.ts';
import { decodeHandshake1, decodeHello, encodeHandshake1, encodeHello } from '#protocol/ble/frame.ts';
import { createJoiner, join } from '#protocol/ble/joiner.ts';
import * as programs from '#protocol/ble/program-records.ts';
import * as records from '#protocol/ble/records.ts';
import { SERVICE_UUID } from '#protocol/ble/service.ts';
import { createSplitter, FRAME_AT, pump, setLimits, startFrame } from '#protocol/ble/splitter.ts';

interface Vector {
  kind: string;
  name: string;
  bytes: string;
  expect: string;
  fields?: Record<string, unknown>;
}

interface Stream {
  name: string;
  limitBytes: number;
  frames: { bytes: string; hasMore: boolean }[];
  values: string[];
}

const vectors = JSON.parse(readFileSync('test/vectors/frames.json', 'utf8')) as {
  frames: Vector[];
  streams: Stream[];
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** What `encode` writes at offset 3 of a dirty buffer; everything around it has to stay as it was. */
const written = (encode: (out: Uint8Array, offset: number) => number): string => {
  const out = new Uint8Array(1200).fill(0xee);
  const length = encode(out, 3);
  expect(out.subarray(0, 3).every((byte) => byte === 0xee)).toBe(true);
  expect(out.subarray(3 + length).every((byte) => byte === 0xee)).toBe(true);
  return hex(out.subarray(3, 3 + length));
};

/** For each kind: reads `bytes` and writes what was read again. */
const kinds: Record<string, (bytes: Uint8Array) => { fields: Record<string, unknown>; again: string }> = {
  hello: (bytes) => {
    const hello = decodeHello(bytes);
    return {
      fields: { ...hello, nonce: hex(hello.nonce) },
      again: written((o, at) => encodeHello(hello, o, at)),
    };
  },
  handshake1: (bytes) => {
    const call = decodeHandshake1(bytes);
    const head = written((o, at) => encodeHandshake1(call.pattern, call.mtu, call.window, call.hint, o, at));
    return {
      fields: { ...call, hint: hex(call.hint), message: hex(call.message) },
      again: head + hex(call.message),
    };
  },
  ready: (bytes) => {
    const timeS = records.decodeReady(bytes);
    return { fields: { timeS }, again: written((o, at) => records.encodeReady(timeS, o, at)) };
  },
  status: (bytes) => {
    const status = records.decodeStatus(bytes);
    return { fields: { ...status }, again: written((o, at) => records.encodeStatus(status, o, at)) };
  },
  policyPart: (bytes) => {
    const policy = new Uint8Array(1800);
    const part = records.decodePolicyPart(bytes, policy);
    return {
      fields: { part, bytes: hex(policy.subarray(part * 900, part * 900 + 900)) },
      again: written((o, at) => records.encodePolicyPart(part, policy, o, at)),
    };
  },
  policyResult: (bytes) => {
    const result = records.decodePolicyResult(bytes);
    return { fields: { ...result }, again: written((o, at) => records.encodePolicyResult(result, o, at)) };
  },
  heard: (bytes) => {
    const { id, ageS } = records.decodeHeard(bytes);
    return {
      fields: { id: hex(id), ageS },
      again: written((o, at) => records.encodeHeard(id, ageS, o, at)),
    };
  },
  ask: (bytes) => {
    const { id, isKnown } = records.decodeAsk(bytes);
    return {
      fields: { id: hex(id), isKnown },
      again: written((o, at) => records.encodeAsk(id, isKnown, o, at)),
    };
  },
  program: (bytes) => {
    const head = programs.decodeOfferedProgram(bytes);
    return {
      fields: { head: hex(head) },
      again: written((o, at) => programs.encodeOfferedProgram(head, o, at)),
    };
  },
  piece: (bytes) => {
    const { offset, code } = programs.decodePiece(bytes);
    const whole = new Uint8Array(offset + code.length);
    whole.set(code, offset);
    return {
      fields: { offset, code: hex(code) },
      again: written((o, at) => programs.encodePiece(whole, offset, o, at)),
    };
  },
  programState: (bytes) => {
    const state = programs.decodeProgramState(bytes);
    return { fields: { ...state }, again: written((o, at) => programs.encodeProgramState(state, o, at)) };
  },
  commit: (bytes) => {
    const commitment = records.decodeCommit(bytes);
    return {
      fields: { commitment: hex(commitment) },
      again: written((o, at) => records.encodeCommit(commitment, o, at)),
    };
  },
  reveal: (bytes) => {
    const nonce = records.decodeReveal(bytes);
    return { fields: { nonce: hex(nonce) }, again: written((o, at) => records.encodeReveal(nonce, o, at)) };
  },
  confirm: (bytes) => {
    const confirm = records.decodeConfirm(bytes);
    return {
      fields: { root: hex(confirm.root), adult: hex(confirm.adult) },
      again: written((o, at) => records.encodeConfirm(confirm, o, at)),
    };
  },
  root: (bytes) => {
    const root = hex(records.decodeRoot(bytes));
    // The secret itself is put in by `sealSecret`.
    const blank = written((o, at) => records.encodeRoot(o, at));
    expect(blank.slice(2)).toBe('00'.repeat(32));
    return { fields: { root }, again: blank.slice(0, 2) + root };
  },
  paired: (bytes) => {
    const paired = records.decodePaired(bytes);
    return { fields: { ...paired }, again: written((o, at) => records.encodePaired(paired, o, at)) };
  },
  advertisement: (bytes) => {
    const { nonce, mac } = findNearby(bytes);
    return { fields: { nonce: hex(nonce), mac: hex(mac) }, again: hex(encodeAdvertisement(nonce, mac)) };
  },
};

describe('frames and control records', () => {
  it.each(vectors.frames)('$kind: $name', (vector) => {
    const read = kinds[vector.kind]!;
    if (vector.expect !== 'ok') {
      expect(() => read(bytesOf(vector.bytes))).toThrow(new Error(vector.expect));
      return;
    }
    const { fields, again } = read(bytesOf(vector.bytes));
    expect(fields).toEqual(vector.fields);
    expect(again).toBe(vector.bytes);
  });

  it('covers every kind', () => {
    expect(new Set(vectors.frames.map((vector) => vector.kind))).toEqual(new Set(Object.keys(kinds)));
  });
});

describe('streams of fragments', () => {
  it.each(vectors.streams)('$name', (stream) => {
    const splitter = createSplitter();
    setLimits(splitter, stream.limitBytes, 30);
    const values: string[] = [];
    const send = (buffer: Uint8Array, offset: number, length: number): boolean => {
      values.push(hex(buffer.subarray(offset, offset + length)));
      return true;
    };
    for (const frame of stream.frames) {
      splitter.buffer.set(bytesOf(frame.bytes), FRAME_AT);
      startFrame(splitter, frame.bytes.length / 2, frame.hasMore);
      expect(pump(splitter, 0, send)).toBe(true);
    }
    expect(pump(splitter, 0, send)).toBe(true);
    expect(values).toEqual(stream.values);

    const frames: string[] = [];
    const joiner = createJoiner(30, splitter, (buffer, length) =>
      frames.push(hex(buffer.subarray(0, length))),
    );
    for (const value of stream.values) join(joiner, bytesOf(value));
    expect(frames).toEqual(stream.frames.map((frame) => frame.bytes));
  });
});

it('advertises the service', () => {
  const data = encodeAdvertisement(new Uint8Array(2), new Uint8Array(4));
  expect(data.length).toBe(31);
  expect(hex(data.subarray(5, 21).toReversed())).toBe(SERVICE_UUID.replaceAll('-', ''));
});
