// The four animals: both sides commit to a nonce, then reveal it, and a parent compares what comes out. A stranger between the two
// who holds the tag has two different transcripts, and one try in 65536 to make them show the same.
import { ascii, same } from '../bytes.ts';
import { TRANSCRIPT_BYTES } from './noise.ts';
import type { Primitives } from './primitives.ts';

export const CONTEXT_COMMIT = 'pawpost1/commit';
export const CONTEXT_ANIMALS = 'pawpost1/animals';

export const PAIRING_NONCE_BYTES = 16;
export const COMMITMENT_BYTES = 32;
/** Animals sung, each 0-15. */
export const ANIMAL_COUNT = 4;

/** One side's part of one ceremony, on one link. A new one needs a new link: a second nonce would be a second try. */
export interface Ceremony {
  primitives: Primitives;
  isBridge: boolean;
  /** The link's handshake hash. */
  transcript: Uint8Array;
  /** This side's nonce: not to be sent before `mayReveal`. */
  nonce: Uint8Array;
  /** What this side sends first. */
  commitment: Uint8Array;
  theirCommitment: Uint8Array | null;
  theirNonce: Uint8Array | null;
}

/** The commitment (32 bytes into `out`) to a nonce of 16 bytes, on the link with this handshake hash. */
export function commitTo(
  primitives: Primitives,
  transcript: Uint8Array,
  nonce: Uint8Array,
  out: Uint8Array,
): void {
  const context = ascii(CONTEXT_COMMIT);
  const bound = new Uint8Array(context.length + TRANSCRIPT_BYTES);
  bound.set(context);
  bound.set(transcript, context.length);
  primitives.hash(out, bound, nonce);
}

/** The four animals (0-15 each, into `out`) of a link and its two nonces. */
export function animalsOf(
  primitives: Primitives,
  transcript: Uint8Array,
  bridgeNonce: Uint8Array,
  toyNonce: Uint8Array,
  out: Uint8Array,
): void {
  const context = ascii(CONTEXT_ANIMALS);
  const bound = new Uint8Array(context.length + TRANSCRIPT_BYTES + PAIRING_NONCE_BYTES);
  bound.set(context);
  bound.set(transcript, context.length);
  bound.set(bridgeNonce, context.length + TRANSCRIPT_BYTES);
  const bits = new Uint8Array(2);
  primitives.hash(bits, bound, toyNonce);
  out[0] = bits[0]! >> 4;
  out[1] = bits[0]! & 15;
  out[2] = bits[1]! >> 4;
  out[3] = bits[1]! & 15;
}

/** Starts with a fresh nonce. `transcript` is the handshake's when it was complete (64 bytes). */
export function beginCeremony(primitives: Primitives, transcript: Uint8Array, isBridge: boolean): Ceremony {
  const nonce = new Uint8Array(PAIRING_NONCE_BYTES);
  const commitment = new Uint8Array(COMMITMENT_BYTES);
  primitives.random(nonce);
  commitTo(primitives, transcript, nonce, commitment);
  return {
    primitives: primitives,
    isBridge: isBridge,
    transcript: transcript,
    nonce: nonce,
    commitment: commitment,
    theirCommitment: null,
    theirNonce: null,
  };
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Takes the other side's COMMIT; a repeat is harmless. False: it changed its mind or sent ours back, end the link. */
export function takeCommitment(ceremony: Ceremony, commitment: Uint8Array): boolean {
  if (commitment.length !== COMMITMENT_BYTES || same(commitment, ceremony.commitment)) return false;
  if (ceremony.theirCommitment) return same(commitment, ceremony.theirCommitment);
  ceremony.theirCommitment = copyOf(commitment);
  return true;
}

/** True once this side may send its nonce: the bridge after the toy's COMMIT, the toy after the bridge's REVEAL held. */
export function mayReveal(ceremony: Ceremony): boolean {
  return ceremony.isBridge ? ceremony.theirCommitment !== null : ceremony.theirNonce !== null;
}

/** Takes the other side's REVEAL; a repeat is harmless. False: it is not what was committed to, or comes out of turn, end the link. */
export function takeReveal(ceremony: Ceremony, nonce: Uint8Array): boolean {
  if (nonce.length !== PAIRING_NONCE_BYTES || !ceremony.theirCommitment) return false;
  const expected = new Uint8Array(COMMITMENT_BYTES);
  commitTo(ceremony.primitives, ceremony.transcript, nonce, expected);
  if (!same(expected, ceremony.theirCommitment)) return false;
  ceremony.theirNonce = copyOf(nonce);
  return true;
}

/** The four animals to show (into `out`). False, and nothing, before the other side's nonce has held. */
export function showAnimals(ceremony: Ceremony, out: Uint8Array): boolean {
  if (!ceremony.theirNonce) return false;
  const bridgeNonce = ceremony.isBridge ? ceremony.nonce : ceremony.theirNonce;
  const toyNonce = ceremony.isBridge ? ceremony.theirNonce : ceremony.nonce;
  animalsOf(ceremony.primitives, ceremony.transcript, bridgeNonce, toyNonce, out);
  return true;
}
