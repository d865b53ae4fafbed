// A newer program on its way to a toy: whole whatever is lost, no faster than the toy answers, never in the way of a voice, never against a no.
import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readProgram, type SignedProgram } from '#bridge/programs.ts';
import { type Delivery, type Session, type SessionHost, startSession } from '#bridge/toy-session.ts';
import type { Refusal } from '#bridge/update.ts';
import {
  PIECE_CODE_BYTES,
  PROGRAM_BROKEN,
  PROGRAM_FAILED,
  PROGRAM_NO_ROOM,
  PROGRAM_NOT_NEWER,
  PROGRAM_UNSIGNED,
  PROGRAM_WANTED,
  PROGRAM_WRONG_BOARD,
} from '#protocol/ble/program-records.ts';
import { OP_ACK, OP_OFFER, OP_PIECE, OP_PROGRAM } from '#protocol/ble/records.ts';
import { ACK_BYTES, encodeAck } from '#protocol/clip/records.ts';
import { signProgram } from '#protocol/program/head.ts';
import { createProgramToy, type ProgramToy } from './program-toy.ts';

const BOARD = 1;
const RUNNING = 100;
const MINUTE_MS = 60_000;
const key = generateKeyPairSync('ed25519').privateKey;
const CODE = Uint8Array.from({ length: 5 * PIECE_CODE_BYTES + 100 }, (_, i) => 32 + (i % 90));
const PROGRAM = readProgram(
  signProgram(BOARD, RUNNING + 1, CODE, (message) => sign(null, message, key)),
  BOARD,
);
const clock = { nowMs: () => Date.now(), sleep: async () => {} };

let toy: ProgramToy;
let moved: number[];
let ready: number;
let refused: Refusal[];
let deliveries: Delivery[];
let delivered: number;
let failures: unknown[];

/** A session over a new link with the toy; `program` is what the bridge has. */
function meet(newer: () => SignedProgram | null = () => PROGRAM): { session: Session; cut(): void } {
  const host: SessionHost = {
    status: () => {},
    policyFor: async () => null,
    policyResult: () => {},
    offered: async () => 'refused',
    storeChunks: async () => {},
    completed: async () => true,
    nextDelivery: async () => deliveries[0] ?? null,
    async delivered() {
      delivered++;
      deliveries.shift();
    },
    heard: async () => true,
    unheard: async () => [],
    failed: (error) => failures.push(error),
    update: {
      newerThan: async () => newer(),
      moved: (_, bytes) => moved.push(bytes),
      ready: () => ready++,
      refused: (_, why) => refused.push(why),
    },
  };
  const { link, cut } = toy.connect();
  return { session: startSession(link, host, clock), cut };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const count = (op: number) => toy.got.filter((record) => record.op === op).length;

beforeEach(() => {
  vi.useFakeTimers();
  toy = createProgramToy(RUNNING, BOARD);
  [moved, ready, refused, deliveries, delivered, failures] = [[], 0, [], [], 0, []];
});
afterEach(() => vi.useRealTimers());

describe('a newer program', () => {
  it('reaches the toy whole, a piece for each answer, and is told of', async () => {
    const { cut } = meet();
    await pass(10_000);
    expect(Uint8Array.from(toy.code)).toEqual(CODE);
    expect([count(OP_PROGRAM), count(OP_PIECE)]).toEqual([1, 6]);
    expect(moved).toEqual([0, 1, 2, 3, 4, 5].map((piece) => piece * PIECE_CODE_BYTES));
    expect([ready, refused]).toEqual([1, []]);
    await pass(60 * MINUTE_MS);
    expect([count(OP_PROGRAM), count(OP_PIECE)]).toEqual([1, 6]);
    cut();
  });

  it('reaches it whatever is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(3)), async (chances) => {
        toy = createProgramToy(RUNNING, BOARD);
        ready = 0;
        toy.isLost = () => chances.next().value === 0;
        const { cut } = meet();
        await pass(30 * MINUTE_MS);
        expect(Uint8Array.from(toy.code)).toEqual(CODE);
        cut();
      }),
      { numRuns: 12 },
    );
  });

  it('travels once, though the toy says everything twice', async () => {
    toy.repeats = 2;
    const { cut } = meet();
    await pass(10_000);
    expect([ready, count(OP_PROGRAM), count(OP_PIECE)]).toEqual([1, 1, 6]);
    cut();
  });

  it('goes on where a lost link has left it', async () => {
    const first = meet();
    while (toy.code.length < 3 * PIECE_CODE_BYTES) await pass(10);
    first.cut();
    await pass(MINUTE_MS);
    expect(toy.code.length).toBe(3 * PIECE_CODE_BYTES);
    const second = meet();
    await pass(10_000);
    expect(Uint8Array.from(toy.code)).toEqual(CODE);
    expect([ready, count(OP_PROGRAM), count(OP_PIECE)]).toEqual([1, 2, 6]);
    second.cut();
  });

  it('is offered again and again to a toy that does not answer, and ever more rarely', async () => {
    toy.isDeaf = true;
    const { cut } = meet();
    await pass(10 * MINUTE_MS);
    expect(count(OP_PROGRAM)).toBeGreaterThan(10);
    expect(count(OP_PROGRAM)).toBeLessThan(30);
    toy.isDeaf = false;
    await pass(MINUTE_MS);
    expect(ready).toBe(1);
    cut();
  });

  it('is no reason to say anything when there is none', async () => {
    const { cut } = meet(() => null);
    await pass(MINUTE_MS);
    expect(toy.got.map(({ op }) => op).filter((op) => op === OP_PROGRAM || op === OP_PIECE)).toEqual([]);
    cut();
  });
});

it('a program that comes while the link lasts is offered, too', async () => {
  let looked = 0;
  let newer: SignedProgram | null = null;
  const { cut } = meet(() => {
    looked++;
    return newer;
  });
  await pass(5 * 60 * MINUTE_MS);
  expect([count(OP_PROGRAM), looked]).toEqual([0, 5]);
  newer = PROGRAM;
  await pass(61 * MINUTE_MS);
  expect([ready, looked]).toEqual([1, 6]);
  await pass(5 * 60 * MINUTE_MS);
  expect([count(OP_PROGRAM), looked]).toEqual([1, 6]);
  cut();
});

describe('a toy that says no', () => {
  it.each<[Refusal, number]>([
    ['not-newer', PROGRAM_NOT_NEWER],
    ['wrong-board', PROGRAM_WRONG_BOARD],
    ['unsigned', PROGRAM_UNSIGNED],
    ['no-room', PROGRAM_NO_ROOM],
    ['failed', PROGRAM_FAILED],
  ])('%s is not asked again on this link', async (why, code) => {
    toy.answer = code;
    const { session, cut } = meet();
    await pass(10_000);
    session.wake();
    await pass(60 * MINUTE_MS);
    expect([refused, count(OP_PROGRAM), count(OP_PIECE)]).toEqual([[why], 1, 0]);
    cut();
  });

  it('gets it again when it arrived broken, but not for ever', async () => {
    toy.answer = PROGRAM_BROKEN;
    const { cut } = meet();
    await pass(60 * MINUTE_MS);
    expect([refused, count(OP_PROGRAM)]).toEqual([['broken'], 3]);
    cut();
  });

  it('cannot keep the radio busy by going back, nor ask for what there is not', async () => {
    const first = meet();
    while (toy.code.length < 2 * PIECE_CODE_BYTES) await pass(10);
    toy.answer = PROGRAM_WANTED;
    // From now on each piece is thrown away, and an earlier one asked for.
    const forget = setInterval(() => {
      toy.code.length = toy.code.length === 0 ? PIECE_CODE_BYTES : 0;
    }, 70);
    await pass(60 * MINUTE_MS);
    clearInterval(forget);
    expect(refused).toEqual(['senseless']);
    expect(count(OP_PIECE)).toBeLessThan(20);
    first.cut();
    toy.code.length = 100_000 * PIECE_CODE_BYTES;
    const second = meet();
    await pass(10_000);
    toy.code.length = 5;
    expect(refused).toHaveLength(2);
    second.cut();
  });
});

describe('voice goes first', () => {
  const MESSAGE: Delivery = {
    id: new Uint8Array(16).fill(7),
    stamp: new Uint8Array(261),
    packets: new Uint8Array(500),
    end: { bytes: 500, packets: 9, durationMs: 540, hash: new Uint8Array(32) },
  };

  it('and no piece leaves while a message moves', async () => {
    const { session, cut } = meet();
    while (toy.code.length < 2 * PIECE_CODE_BYTES) await pass(10);
    deliveries.push(MESSAGE);
    session.wake();
    await pass(200);
    const offeredAtMs = toy.got.find(({ op }) => op === OP_OFFER)!.atMs;
    // The toy asks for the message's only chunk, and takes a second about it.
    await pass(800);
    const ack = new Uint8Array(ACK_BYTES);
    encodeAck({ handle: 0, id: MESSAGE.id, code: 0 }, ack, 0);
    toy.say(ack);
    await pass(100);
    expect(delivered).toBe(1);
    const stillAtMs = Date.now();
    await pass(10_000);
    expect(ready).toBe(1);
    const inBetween = toy.got.filter(
      ({ op, atMs }) => op === OP_PIECE && atMs > offeredAtMs && atMs < stillAtMs + 1_000,
    );
    expect(inBetween).toEqual([]);
    cut();
  });

  it('but a message for which the toy has no room does not stand in its way for ever', async () => {
    deliveries.push(MESSAGE);
    const { cut } = meet();
    await pass(MINUTE_MS);
    expect(count(OP_OFFER)).toBeGreaterThan(5);
    expect([ready, delivered]).toEqual([1, 0]);
    cut();
  });

  it('and what the toy itself has to say does, too', async () => {
    const { cut } = meet();
    while (toy.code.length < 2 * PIECE_CODE_BYTES) await pass(10);
    // The child speaks: a record of voice every half second, whatever is in it.
    const before = toy.code.length;
    for (let i = 0; i < 20; i++) {
      toy.say(Uint8Array.of(OP_ACK));
      await pass(500);
    }
    expect(toy.code.length).toBeLessThanOrEqual(before + PIECE_CODE_BYTES);
    await pass(10_000);
    expect([ready, failures]).toEqual([1, []]);
    cut();
  });
});
