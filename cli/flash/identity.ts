// Who a toy is, asked over its console: the key that it has made for itself and never gives away, and the secret of its tag, which is
// made here and goes in once.
import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { SLOT_IDENTITY, SLOT_TAG } from '#protocol/link/primitives.ts';
import { TOY_ID_BYTES, toyIdOf } from '#protocol/link/toy-id.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { readTag, writeTag } from '../tag-file.ts';
import type { Console } from './console.ts';
import { FlashError } from './failure.ts';

const SECRET_BYTES = 32;
const KEY_BYTES = 32;
const HALF_BYTES = 8;
/** Where a tag waits until the toy has it. */
const UNTIED = '.new';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The toy's id (16 bytes), of a key that it makes now if it has none. @throws FlashError. */
export async function askToyId(console: Console): Promise<Uint8Array> {
  const key = await console.ask(
    `(function(N,k){if(!N.has(${SLOT_IDENTITY}))N.generate(${SLOT_IDENTITY});k=new Uint8Array(${KEY_BYTES});N.publicKey(${SLOT_IDENTITY},k);return btoa(k)})(require("sodium"))`,
  );
  const toyKey = new Uint8Array(Buffer.from(String(key), 'base64'));
  if (toyKey.length !== KEY_BYTES) throw new FlashError('console', 'the toy does not say who it is');
  const id = new Uint8Array(TOY_ID_BYTES);
  toyIdOf(createPrimitives(), toyKey, id);
  return id;
}

/** True if the toy's tag has this secret: it proves it on words that nobody has heard before, and neither side says the secret. */
export async function holdsTag(console: Console, secret: Uint8Array): Promise<boolean> {
  const words = randomBytes(2 * HALF_BYTES);
  const proof = await console.ask(
    `(function(N,w,r){r=new Uint8Array(${SECRET_BYTES});N.mac(r,${SLOT_TAG},E.toUint8Array(atob(w[0])),E.toUint8Array(atob(w[1])));return btoa(r)})(require("sodium"),["${base64(words.subarray(0, HALF_BYTES))}","${base64(words.subarray(HALF_BYTES))}"])`,
  );
  return proof === base64(sodium.crypto_generichash(SECRET_BYTES, words, secret));
}

/**
 * The secret of the toy's tag, which is then in the file at `path`, mode 0600, before the toy has it: a secret that only the toy
 * knew would be lost. A toy that has a tag keeps it: then the file must be that tag's. @throws FlashError `tagged`, `tag-file`.
 */
export async function giveTag(console: Console, path: string): Promise<Uint8Array> {
  const untied = path + UNTIED;
  if ((await console.ask(`require("sodium").has(${SLOT_TAG})`)) === true) {
    for (const file of [path, untied].filter((name) => existsSync(name))) {
      const secret = readTag(file);
      if (!(await holdsTag(console, secret))) continue;
      if (file === untied) renameSync(untied, path);
      return secret;
    }
    throw new FlashError('tagged', `this toy has a tag already, and ${path} is not it`);
  }
  if (existsSync(path)) throw new FlashError('tag-file', `${path} is the tag of another toy`);
  rmSync(untied, { force: true });
  const secret = new Uint8Array(randomBytes(SECRET_BYTES));
  writeTag(untied, secret);
  // In one breath: only an empty slot is filled, however often the line is said.
  await console.ask(
    `(function(N){if(!N.has(${SLOT_TAG}))N.load(${SLOT_TAG},E.toUint8Array(atob("${base64(secret)}")));return 1})(require("sodium"))`,
  );
  if (!(await holdsTag(console, secret))) throw new FlashError('storage', 'the toy does not keep its tag');
  renameSync(untied, path);
  return secret;
}
