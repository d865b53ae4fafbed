// The key store: a key that is made now, and the toy's own, must still be there when the chip has started anew. Only public halves are looked at.
import type { Console } from '#app/flash/console.ts';
import { SLOT_IDENTITY, SLOT_TAG } from '#protocol/link/primitives.ts';

/** A slot that is kept, and that the program does not use. */
const SPARE_SLOT = 7;
const KEY_BYTES = 32;

/** The public halves of the toy's own key and of the spare slot's, base64; and whether there is a tag. */
export interface KeyState {
  keys: string;
  hasTag: boolean;
}

export async function makeSpareKey(console: Console): Promise<void> {
  await console.ask(`require("sodium").generate(${SPARE_SLOT}),1`);
}

export async function clearSpareKey(console: Console): Promise<void> {
  await console.ask(`require("sodium").clear(${SPARE_SLOT}),1`);
}

export async function askKeys(console: Console): Promise<KeyState> {
  const keys = await console.ask(
    `(function(N,k){return [${SLOT_IDENTITY},${SPARE_SLOT}].map(function(s){if(!N.has(s))return"";N.publicKey(s,k);return btoa(k)})})(require("sodium"),new Uint8Array(${KEY_BYTES}))`,
  );
  const hasTag = (await console.ask(`require("sodium").has(${SLOT_TAG})`)) === true;
  return { keys: JSON.stringify(keys), hasTag };
}
