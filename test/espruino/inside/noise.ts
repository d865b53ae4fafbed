// One public Noise vector against the handshake machine and the native primitives, each side in its turn (there is one set of slots).
// Runs inside Espruino.
import type { Pattern } from '#protocol/link/noise.ts';
import { beginHandshake, readMessage, writeMessage } from '#protocol/link/noise.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import {
  SLOT_EPHEMERAL,
  SLOT_IDENTITY,
  SLOT_RECEIVING,
  SLOT_SENDING,
  TAG_BYTES,
} from '#protocol/link/primitives.ts';
import { openLink } from '#protocol/link/records.ts';
import { differs, fromHex } from '#test/contracts/bytes-hex.ts';
import { say } from './say.ts';

declare function require(name: 'sodium'): Primitives;

export interface Side {
  prologue: string;
  staticKey: string;
  ephemeral: string;
  /** Empty where the pattern does not know it beforehand. */
  remote: string;
}

/** A vector as Node has prepared it: all texts are hexadecimal. */
export interface Vector {
  pattern: Pattern;
  psks: string[];
  pskSlots: number[];
  initiator: Side;
  responder: Side;
  hash: string;
  payloads: string[];
  ciphertexts: string[];
}

const NOTHING = new Uint8Array(0);

function runSide(vector: Vector, isInitiator: boolean): string {
  const p = require('sodium');
  const side = isInitiator ? vector.initiator : vector.responder;
  let wrong = '';
  for (let slot = 0; slot < 16; slot++) p.clear(slot);
  if (side.staticKey !== '') p.load(SLOT_IDENTITY, fromHex(side.staticKey));
  for (let i = 0; i < vector.psks.length; i++) p.load(vector.pskSlots[i]!, fromHex(vector.psks[i]!));
  const remote = side.remote === '' ? null : fromHex(side.remote);
  const handshake = beginHandshake(p, vector.pattern, isInitiator, fromHex(side.prologue), remote);
  p.load(SLOT_EPHEMERAL, fromHex(side.ephemeral));
  const steps = vector.pattern.messages.length;
  const numbers = [0, 0];
  for (let i = 0; i < vector.payloads.length; i++) {
    const isMine = ((i & 1) === 0) === isInitiator;
    const payload = vector.payloads[i]!;
    const ciphertext = vector.ciphertexts[i]!;
    const buffer = new Uint8Array(ciphertext.length / 2);
    const name = `message ${i}`;
    if (!isMine) buffer.set(fromHex(ciphertext));
    if (i < steps) {
      if (isMine) {
        const length = writeMessage(handshake, fromHex(payload), buffer);
        wrong += differs(name, buffer, ciphertext);
        if (length !== buffer.length) wrong += `${name} has ${length} bytes; `;
      } else wrong += differs(name, readMessage(handshake, buffer), payload);
      if (i + 1 === steps) {
        if (vector.hash !== '') wrong += differs('hash', handshake.transcript, vector.hash);
        openLink(p, isInitiator);
      }
      continue;
    }
    const direction = isMine ? 0 : 1;
    const number = numbers[direction]!;
    numbers[direction] = number + 1;
    if (isMine) {
      buffer.set(fromHex(payload));
      p.seal(SLOT_SENDING, number, NOTHING, buffer, 0, buffer.length - TAG_BYTES);
      wrong += differs(name, buffer, ciphertext);
    } else {
      if (!p.open(SLOT_RECEIVING, number, NOTHING, buffer, 0, buffer.length)) wrong += `${name} is refused; `;
      wrong += differs(name, buffer.subarray(0, buffer.length - TAG_BYTES), payload);
    }
  }
  return wrong;
}

/** Both sides of one vector. */
export function run(vector: Vector): void {
  say(`${vector.pattern.name}, initiator`, runSide(vector, true));
  say(`${vector.pattern.name}, responder`, runSide(vector, false));
}
