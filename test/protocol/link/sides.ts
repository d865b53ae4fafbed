// A bridge and a toy with fixed keys, for the tests of the link.
import { answerDaily, callDaily, DAILY_REPLY_BYTES, finishDaily } from '#protocol/link/daily.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import {
  SLOT_IDENTITY,
  SLOT_SCRATCH,
  SLOT_SHARED,
  SLOT_TAG,
  SLOT_TOY_ROOT,
} from '#protocol/link/primitives.ts';
import { CALL_BYTES } from '#protocol/link/prologue.ts';
import type { Link } from '#protocol/link/records.ts';
import { openLink } from '#protocol/link/records.ts';
import { bridgePsk } from '#protocol/sodium/bridge-psk.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { counting } from '#test/contracts/bytes-hex.ts';

export const MTU = 247;
export const WINDOW = 30;
export const TAG_SECRET = counting(0x60, 32);
export const TOY_ROOT = counting(0x20, 32);

/** X25519 public key of a secret. */
export function keyOf(secret: Uint8Array): Uint8Array {
  const primitives = createPrimitives();
  const key = new Uint8Array(32);
  primitives.load(SLOT_SCRATCH, secret);
  primitives.publicKey(SLOT_SCRATCH, key);
  return key;
}

export const TOY_SECRET = counting(0x01, 32);
export const TOY_KEY = keyOf(TOY_SECRET);

/** A HELLO body with a nonce that counts up from `first`. */
export function helloOf(first: number): Uint8Array {
  const hello = new Uint8Array(21);
  hello.set([1, 60, 0, 24, 0]);
  hello.set(counting(first, 16), 5);
  return hello;
}

/** A toy that has its tag, its key and a root. */
export function toySide(): Primitives {
  const primitives = createPrimitives();
  primitives.load(SLOT_TAG, TAG_SECRET);
  primitives.load(SLOT_IDENTITY, TOY_SECRET);
  primitives.load(SLOT_TOY_ROOT, TOY_ROOT);
  return primitives;
}

/** A bridge with this secret and its psk with the toy. */
export function bridgeSide(secret: Uint8Array, root: Uint8Array = TOY_ROOT): Primitives {
  const primitives = createPrimitives();
  primitives.load(SLOT_IDENTITY, secret);
  primitives.load(SLOT_TAG, TAG_SECRET);
  primitives.load(SLOT_SHARED, bridgePsk(root, keyOf(secret)));
  return primitives;
}

/** A bridge's and a toy's end of one open link. */
export function openPair(): { bridge: Link; toy: Link } {
  const secret = counting(0x41, 32);
  const [bridge, toy] = [bridgeSide(secret), toySide()];
  const call = new Uint8Array(CALL_BYTES);
  const reply = new Uint8Array(DAILY_REPLY_BYTES);
  const handshake = callDaily(bridge, helloOf(1), MTU, WINDOW, TOY_KEY, call);
  answerDaily(toy, helloOf(1), call, keyOf(secret), 1, reply);
  finishDaily(handshake, reply);
  return { bridge: openLink(bridge, true), toy: openLink(toy, false) };
}
