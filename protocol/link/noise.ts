// The Noise handshake (revision 34) of 25519_ChaChaPoly_BLAKE2b: a small machine over Primitives that walks a pattern's tokens.
import { ascii, view } from '../bytes.ts';
import { fault } from '../fault.ts';
import type { Primitives } from './primitives.ts';
import {
  SLOT_CHAIN,
  SLOT_EPHEMERAL,
  SLOT_HANDSHAKE,
  SLOT_IDENTITY,
  SLOT_SHARED,
  TAG_BYTES,
} from './primitives.ts';

/** The tokens of Noise section 5.3. The roles in `es` and `se` are the initiator's first. */
export const TOKEN_E = 1;
export const TOKEN_S = 2;
export const TOKEN_EE = 3;
export const TOKEN_ES = 4;
export const TOKEN_SE = 5;
export const TOKEN_SS = 6;
/** `psk` of the slot added to it: TOKEN_PSK + slot. */
export const TOKEN_PSK = 16;

/** Bits of `Pattern.known`: whose static key the other side has before the first message. */
export const KNOWN_INITIATOR = 1;
export const KNOWN_RESPONDER = 2;

/** Bytes of a public key, and of a Noise hash. */
export const KEY_BYTES = 32;
export const TRANSCRIPT_BYTES = 64;

const DEAD = 255;

export interface Pattern {
  /** The whole protocol name, at most 64 bytes. */
  name: string;
  known: number;
  /** True if any message has a psk token: public ephemerals are then mixed into the key (Noise section 9.2). */
  isPsk: boolean;
  /** One row of tokens for each message, the initiator's first. */
  messages: number[][];
}

/** One side of one handshake. Its secrets are in the slots IDENTITY, EPHEMERAL, CHAIN, HANDSHAKE and SHARED. */
export interface Handshake {
  primitives: Primitives;
  pattern: Pattern;
  isInitiator: boolean;
  /** Noise's `h`; after the last message the handshake hash, equal on both sides and on no other link. */
  transcript: Uint8Array;
  spare: Uint8Array;
  /** This side's X25519 public key, and the other's: given, or learned from an `s` token. */
  local: Uint8Array;
  remote: Uint8Array;
  ephemeral: Uint8Array;
  remoteEphemeral: Uint8Array;
  /** Messages written and read so far. */
  step: number;
  hasKey: boolean;
  /** Noise's `n`: times the present handshake key has been used. */
  uses: number;
}

function forgetSecrets(primitives: Primitives): void {
  primitives.clear(SLOT_EPHEMERAL);
  primitives.clear(SLOT_HANDSHAKE);
  primitives.clear(SLOT_SHARED);
}

function failed(handshake: Handshake): Error {
  handshake.step = DEAD;
  forgetSecrets(handshake.primitives);
  handshake.primitives.clear(SLOT_CHAIN);
  return fault('handshake-failed');
}

function mixHash(handshake: Handshake, data: Uint8Array): void {
  handshake.primitives.hash(handshake.transcript, handshake.transcript, data);
}

function keyed(handshake: Handshake): void {
  handshake.hasKey = true;
  handshake.uses = 0;
}

function mixShared(handshake: Handshake): void {
  handshake.primitives.mixKey(SLOT_CHAIN, SLOT_SHARED, SLOT_HANDSHAKE);
  keyed(handshake);
}

function mixEphemeral(handshake: Handshake, publicKey: Uint8Array): void {
  mixHash(handshake, publicKey);
  if (!handshake.pattern.isPsk) return;
  handshake.primitives.load(SLOT_SHARED, publicKey);
  mixShared(handshake);
}

/** EncryptAndHash of buffer[at, at+length) in place; returns the bytes it became. */
function encryptAndHash(handshake: Handshake, buffer: Uint8Array, at: number, length: number): number {
  let total = length;
  if (handshake.hasKey) {
    handshake.primitives.seal(SLOT_HANDSHAKE, handshake.uses++, handshake.transcript, buffer, at, length);
    total += TAG_BYTES;
  }
  mixHash(handshake, view(buffer, at, total));
  return total;
}

/** DecryptAndHash of buffer[at, at+length) in place, `length` counting the tag; faults if it is not genuine. */
function decryptAndHash(handshake: Handshake, buffer: Uint8Array, at: number, length: number): void {
  // The ciphertext must be hashed before it is opened over itself, yet be opened against the hash before it.
  const before = handshake.transcript;
  const after = handshake.spare;
  handshake.primitives.hash(after, before, view(buffer, at, length));
  if (handshake.hasKey) {
    if (!handshake.primitives.open(SLOT_HANDSHAKE, handshake.uses++, before, buffer, at, length))
      throw failed(handshake);
  }
  handshake.transcript = after;
  handshake.spare = before;
}

/** The tokens that put nothing on the wire: psk and the four Diffie-Hellmans. */
function mixToken(handshake: Handshake, token: number): void {
  const primitives = handshake.primitives;
  if (token >= TOKEN_PSK) {
    primitives.mixKeyAndHash(SLOT_CHAIN, token - TOKEN_PSK, handshake.transcript, SLOT_HANDSHAKE);
    keyed(handshake);
    return;
  }
  const isOwnStatic = token === TOKEN_SS || token === (handshake.isInitiator ? TOKEN_SE : TOKEN_ES);
  const isTheirStatic = token === TOKEN_SS || token === (handshake.isInitiator ? TOKEN_ES : TOKEN_SE);
  const secret = isOwnStatic ? SLOT_IDENTITY : SLOT_EPHEMERAL;
  const peer = isTheirStatic ? handshake.remote : handshake.remoteEphemeral;
  if (!primitives.dh(secret, peer, SLOT_SHARED)) throw failed(handshake);
  mixShared(handshake);
}

function endMessage(handshake: Handshake): void {
  handshake.step++;
  if (handshake.step === handshake.pattern.messages.length) forgetSecrets(handshake.primitives);
}

function turn(handshake: Handshake, isWriting: boolean): number[] {
  const tokens = handshake.pattern.messages[handshake.step];
  const isInitiatorsTurn = (handshake.step & 1) === 0;
  if (!tokens || isInitiatorsTurn !== (handshake.isInitiator === isWriting)) throw failed(handshake);
  return tokens;
}

/**
 * Starts a handshake with a fresh ephemeral in SLOT_EPHEMERAL. SLOT_IDENTITY and the slots of the pattern's psk tokens must hold
 * their secrets; `remote` is the other side's static key where the pattern knows it, else null.
 */
export function beginHandshake(
  primitives: Primitives,
  pattern: Pattern,
  isInitiator: boolean,
  prologue: Uint8Array,
  remote: Uint8Array | null,
): Handshake {
  const handshake: Handshake = {
    primitives: primitives,
    pattern: pattern,
    isInitiator: isInitiator,
    transcript: new Uint8Array(TRANSCRIPT_BYTES),
    spare: new Uint8Array(TRANSCRIPT_BYTES),
    local: new Uint8Array(KEY_BYTES),
    remote: new Uint8Array(KEY_BYTES),
    ephemeral: new Uint8Array(KEY_BYTES),
    remoteEphemeral: new Uint8Array(KEY_BYTES),
    step: 0,
    hasKey: false,
    uses: 0,
  };
  if (primitives.has(SLOT_IDENTITY)) primitives.publicKey(SLOT_IDENTITY, handshake.local);
  if (remote) handshake.remote.set(remote);
  primitives.clear(SLOT_HANDSHAKE);
  primitives.generate(SLOT_EPHEMERAL);
  handshake.transcript.set(ascii(pattern.name));
  primitives.load(SLOT_CHAIN, handshake.transcript);
  mixHash(handshake, prologue);
  if (pattern.known & KNOWN_INITIATOR) mixHash(handshake, isInitiator ? handshake.local : handshake.remote);
  if (pattern.known & KNOWN_RESPONDER) mixHash(handshake, isInitiator ? handshake.remote : handshake.local);
  return handshake;
}

/** Writes the next message with `payload` to the start of `out`; returns its bytes. Faults: handshake-failed. */
export function writeMessage(handshake: Handshake, payload: Uint8Array, out: Uint8Array): number {
  const tokens = turn(handshake, true);
  let at = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token === TOKEN_E) {
      handshake.primitives.publicKey(SLOT_EPHEMERAL, handshake.ephemeral);
      out.set(handshake.ephemeral, at);
      at += KEY_BYTES;
      mixEphemeral(handshake, handshake.ephemeral);
    } else if (token === TOKEN_S) {
      out.set(handshake.local, at);
      at += encryptAndHash(handshake, out, at, KEY_BYTES);
    } else mixToken(handshake, token);
  }
  out.set(payload, at);
  at += encryptAndHash(handshake, out, at, payload.length);
  endMessage(handshake);
  return at;
}

/** Reads the next message, opening it in place; returns its payload, a view into it. Faults: handshake-failed, and the handshake is dead. */
export function readMessage(handshake: Handshake, message: Uint8Array): Uint8Array {
  const tokens = turn(handshake, false);
  let at = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token === TOKEN_E || token === TOKEN_S) {
      const isSealed = token === TOKEN_S && handshake.hasKey;
      const length = isSealed ? KEY_BYTES + TAG_BYTES : KEY_BYTES;
      if (at + length > message.length) throw failed(handshake);
      if (token === TOKEN_E) {
        handshake.remoteEphemeral.set(view(message, at, KEY_BYTES));
        mixEphemeral(handshake, handshake.remoteEphemeral);
      } else {
        decryptAndHash(handshake, message, at, length);
        handshake.remote.set(view(message, at, KEY_BYTES));
      }
      at += length;
    } else mixToken(handshake, token);
  }
  const tag = handshake.hasKey ? TAG_BYTES : 0;
  if (at + tag > message.length) throw failed(handshake);
  decryptAndHash(handshake, message, at, message.length - at);
  endMessage(handshake);
  return view(message, at, message.length - at - tag);
}

/** As `readMessage` for a message that must carry no payload, as all of Pawpost's do. Faults: handshake-failed. */
export function readEmptyMessage(handshake: Handshake, message: Uint8Array): void {
  if (readMessage(handshake, message).length !== 0) throw failed(handshake);
}
