// Who a toy is, asked over its console: the key that it has made for itself and never gives away, and the secret of its tag, which is
// made here and goes in once.
import { SLOT_IDENTITY, SLOT_TAG } from '#protocol/link/primitives.ts';
import { TOY_ID_BYTES, toyIdOf } from '#protocol/link/toy-id.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Console } from './console.ts';
import { FlashError } from './failure.ts';
import { base64, bytesOfBase64 } from './letters.ts';

const SECRET_BYTES = 32;
const KEY_BYTES = 32;
const HALF_BYTES = 8;

/** The toy's id (16 bytes), of a key that it makes now if it has none. @throws FlashError. */
export async function askToyId(console: Console): Promise<Uint8Array> {
  const key = await console.ask(
    `(function(N,k){if(!N.has(${SLOT_IDENTITY}))N.generate(${SLOT_IDENTITY});k=new Uint8Array(${KEY_BYTES});N.publicKey(${SLOT_IDENTITY},k);return btoa(k)})(require("sodium"))`,
  );
  const toyKey = bytesOfBase64(String(key));
  if (toyKey.length !== KEY_BYTES) throw new FlashError('console', 'the toy does not say who it is');
  const id = new Uint8Array(TOY_ID_BYTES);
  toyIdOf(createPrimitives(), toyKey, id);
  return id;
}

/** True if the toy's tag has this secret: it proves it on words that nobody has heard before, and neither side says the secret. */
export async function holdsTag(console: Console, secret: Uint8Array): Promise<boolean> {
  const words = crypto.getRandomValues(new Uint8Array(2 * HALF_BYTES));
  const proof = await console.ask(
    `(function(N,w,r){r=new Uint8Array(${SECRET_BYTES});N.mac(r,${SLOT_TAG},E.toUint8Array(atob(w[0])),E.toUint8Array(atob(w[1])));return btoa(r)})(require("sodium"),["${base64(words.subarray(0, HALF_BYTES))}","${base64(words.subarray(HALF_BYTES))}"])`,
  );
  return proof === base64(sodium.crypto_generichash(SECRET_BYTES, words, secret));
}

/** Where whoever makes toys keeps their tags. */
export interface TagKeeper {
  /** Secrets that this toy's tag may have: kept before, or laid aside by a run that was broken off. */
  known(toyId: string): Promise<Uint8Array[]>;
  /** Lays a fresh secret aside, before the toy has it: one that only the toy knew would be lost. @throws FlashError `tag-file`. */
  layAside(toyId: string, secret: Uint8Array): Promise<void>;
  /** The toy has this secret: it is its tag. Called again for a tag that is kept already. */
  keep(toyId: string, secret: Uint8Array): Promise<void>;
}

/**
 * The secret of the toy's tag, which the keeper then has. A toy that has a tag keeps it: then the keeper must know it.
 * @throws FlashError `tagged`, and what the keeper throws.
 */
export async function giveTag(console: Console, toyId: string, keeper: TagKeeper): Promise<Uint8Array> {
  if ((await console.ask(`require("sodium").has(${SLOT_TAG})`)) === true) {
    for (const secret of await keeper.known(toyId)) {
      if (!(await holdsTag(console, secret))) continue;
      await keeper.keep(toyId, secret);
      return secret;
    }
    throw new FlashError('tagged', 'this toy has a tag already, and it is not known here');
  }
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  await keeper.layAside(toyId, secret);
  // In one breath: only an empty slot is filled, however often the line is said.
  await console.ask(
    `(function(N){if(!N.has(${SLOT_TAG}))N.load(${SLOT_TAG},E.toUint8Array(atob("${base64(secret)}")));return 1})(require("sodium"))`,
  );
  if (!(await holdsTag(console, secret))) throw new FlashError('storage', 'the toy does not keep its tag');
  await keeper.keep(toyId, secret);
  return secret;
}
