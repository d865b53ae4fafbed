// The handshake machine against the public Noise vectors, all two-way patterns of our suite, and against misuse.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Handshake } from '#protocol/link/noise.ts';
import { beginHandshake, readMessage, writeMessage } from '#protocol/link/noise.ts';
import {
  SLOT_EPHEMERAL,
  SLOT_IDENTITY,
  SLOT_RECEIVING,
  SLOT_SENDING,
  TAG_BYTES,
} from '#protocol/link/primitives.ts';
import { openLink } from '#protocol/link/records.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { counting, fromHex, toHex } from '#test/contracts/bytes-hex.ts';
import { PSK_SLOTS, patternOf } from './patterns.ts';

interface Vector {
  protocol_name?: string;
  name?: string;
  init_prologue?: string;
  init_static?: string;
  init_ephemeral: string;
  init_remote_static?: string;
  init_psks?: string[];
  resp_prologue?: string;
  resp_static?: string;
  resp_ephemeral: string;
  resp_remote_static?: string;
  resp_psks?: string[];
  handshake_hash?: string;
  messages: { payload: string; ciphertext: string }[];
}

const NOTHING = new Uint8Array(0);
const folder = new URL('../../vectors/noise/', import.meta.url);
const nameOf = (vector: Vector) => (vector.protocol_name ?? vector.name)!;

function load(file: string): Vector[] {
  return (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { vectors: Vector[] }).vectors;
}

function begin(vector: Vector, side: 'init' | 'resp'): Handshake {
  const primitives = createPrimitives();
  const secret = vector[`${side}_static`];
  const remote = vector[`${side}_remote_static`];
  if (secret !== undefined) primitives.load(SLOT_IDENTITY, fromHex(secret));
  vector[`${side}_psks`]?.forEach((psk, i) => {
    primitives.load(PSK_SLOTS[i]!, fromHex(psk));
  });
  const handshake = beginHandshake(
    primitives,
    patternOf(nameOf(vector)),
    side === 'init',
    fromHex(vector[`${side}_prologue`] ?? ''),
    remote === undefined ? null : fromHex(remote),
  );
  primitives.load(SLOT_EPHEMERAL, fromHex(vector[`${side}_ephemeral`]));
  return handshake;
}

function run(vector: Vector): void {
  const initiator = begin(vector, 'init');
  const responder = begin(vector, 'resp');
  const steps = initiator.pattern.messages.length;
  const sent = new Map<Handshake, number>([
    [initiator, 0],
    [responder, 0],
  ]);
  vector.messages.forEach((message, i) => {
    const payload = fromHex(message.payload);
    const [from, to] = i % 2 === 0 ? [initiator, responder] : [responder, initiator];
    const buffer = new Uint8Array(message.ciphertext.length / 2);
    if (i < steps) {
      expect(writeMessage(from, payload, buffer)).toBe(buffer.length);
      expect(toHex(buffer)).toBe(message.ciphertext);
      expect(toHex(readMessage(to, buffer))).toBe(message.payload);
      if (i + 1 < steps) return;
      expect(toHex(from.transcript)).toBe(toHex(to.transcript));
      if (vector.handshake_hash !== undefined) expect(toHex(from.transcript)).toBe(vector.handshake_hash);
      openLink(initiator.primitives, true);
      openLink(responder.primitives, false);
    } else {
      const number = sent.get(from)!;
      sent.set(from, number + 1);
      buffer.set(payload);
      from.primitives.seal(SLOT_SENDING, number, NOTHING, buffer, 0, payload.length);
      expect(toHex(buffer)).toBe(message.ciphertext);
      expect(to.primitives.open(SLOT_RECEIVING, number, NOTHING, buffer, 0, buffer.length)).toBe(true);
      expect(toHex(buffer.subarray(0, buffer.length - TAG_BYTES))).toBe(message.payload);
    }
  });
  expect(vector.messages.length).toBeGreaterThan(steps);
}

describe.each([
  ['cacophony.json', 53],
  ['snow.json', 48],
  ['noise-c-basic.json', 12],
])('%s', (file, count) => {
  const vectors = load(file);
  it(`has ${count} vectors`, () => expect(vectors.length).toBe(count));
  it.each(vectors.map((vector) => [nameOf(vector), vector] as const))('%s', (_, vector) => run(vector));
});

describe('a handshake', () => {
  const vectors = load('cacophony.json');
  const kk = vectors.find((vector) => nameOf(vector).includes('_KKpsk0_'))!;

  it('dies at the first wrong byte, and leaves no secret of its own', () => {
    const first = fromHex(kk.messages[0]!.ciphertext);
    for (let i = 0; i < first.length; i++) {
      const responder = begin(kk, 'resp');
      const message = first.slice();
      message[i]! ^= 0x10;
      expect(() => readMessage(responder, message)).toThrow('handshake-failed');
      for (const slot of [8, 9, 10, 15]) expect(responder.primitives.has(slot)).toBe(false);
      // Not even the true message revives it.
      expect(() => readMessage(responder, first.slice())).toThrow('handshake-failed');
      expect(() => openLink(responder.primitives, false)).toThrow('link-closed');
    }
  });

  it('dies of a message of another length', () => {
    const first = fromHex(kk.messages[0]!.ciphertext);
    for (let length = 0; length < first.length; length++)
      expect(() => readMessage(begin(kk, 'resp'), first.slice(0, length))).toThrow('handshake-failed');
    const longer = new Uint8Array(first.length + 1);
    longer.set(first);
    expect(() => readMessage(begin(kk, 'resp'), longer)).toThrow('handshake-failed');
  });

  it('takes turns', () => {
    const out = new Uint8Array(200);
    expect(() => writeMessage(begin(kk, 'resp'), NOTHING, out)).toThrow('handshake-failed');
    expect(() => readMessage(begin(kk, 'init'), out)).toThrow('handshake-failed');
    const initiator = begin(kk, 'init');
    writeMessage(initiator, NOTHING, out);
    expect(() => writeMessage(initiator, NOTHING, out)).toThrow('handshake-failed');
  });

  it('opens no link before its last message', () => {
    const initiator = begin(kk, 'init');
    expect(() => openLink(initiator.primitives, true)).toThrow('link-closed');
    writeMessage(initiator, NOTHING, new Uint8Array(48));
    expect(() => openLink(initiator.primitives, true)).toThrow('link-closed');
  });

  it('refuses an ephemeral of small order', () => {
    const responder = begin(kk, 'resp');
    expect(() => readMessage(responder, new Uint8Array(48))).toThrow('handshake-failed');
  });

  it('makes a fresh ephemeral each time', () => {
    const keys = [0, 1].map(() => {
      const primitives = createPrimitives();
      primitives.load(SLOT_IDENTITY, counting(1, 32));
      const handshake = beginHandshake(
        primitives,
        patternOf('Noise_NN_25519_ChaChaPoly_BLAKE2b'),
        true,
        NOTHING,
        null,
      );
      writeMessage(handshake, NOTHING, new Uint8Array(32));
      return toHex(handshake.ephemeral);
    });
    expect(keys[0]).not.toBe(keys[1]);
  });
});
