// Which messages a toy has and nobody has told that they were heard: a list of ids beside the history, so that it need not be read for it.
import { putU32, u32 } from '#protocol/bytes.ts';
import { idText } from '#protocol/family/member.ts';
import { bytesOfHex } from './bytes.ts';
import type { Device } from './device.ts';
import type { Change } from './store.ts';

/** `unheard/<message id>` -> when the toy got it, unix seconds; 0 unknown. */
const UNHEARD = 'unheard/';

/** The changes of the list when a message has come that far. The two may be learnt in any order. */
export function noteUnheard(messageId: Uint8Array, step: string, at: number): Change[] {
  if (step === 'heard') return [forgetUnheard(messageId)];
  if (step !== 'toy') return [];
  const value = new Uint8Array(4);
  putU32(value, 0, at);
  return [{ ...forgetUnheard(messageId), value }];
}

/** The change that takes a message off the list. */
export function forgetUnheard(messageId: Uint8Array): Change {
  return { collection: 'marks', key: UNHEARD + idText(messageId), value: null };
}

/** All on the list; one that was heard before it was delivered, or that never came, may be among them. */
export async function listUnheard(device: Device): Promise<{ messageId: Uint8Array; at: number }[]> {
  const items = await device.store.list('marks', UNHEARD);
  return items.map(({ key, value }) => ({
    messageId: bytesOfHex(key.slice(UNHEARD.length)),
    at: u32(value, 0),
  }));
}
