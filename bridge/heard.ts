// Which messages were heard from a toy: asked of it, and told to the family once, with the time.
import { same } from '#protocol/bytes.ts';
import { AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { HEARD } from '#protocol/envelope/content.ts';
import { compareIds } from '#protocol/envelope/header.ts';
import { idText } from '#protocol/family/member.ts';
import { tellReceipt } from './deliveries.ts';
import type { Device } from './device.ts';
import { hasStep, letterOf, listLetters, stepAt } from './letters.ts';
import type { Change } from './store.ts';
import { forgetUnheard, listUnheard, noteUnheard } from './unheard.ts';

/** No more of a toy's messages are asked about, and none that are older. */
export const UNHEARD_MAX = 64;
export const UNHEARD_DAYS = 30;
const DAY_S = 86_400;
const LISTED_MARK = 'unheard-listed';

/** The messages that a toy has and that, as far as is known here, nobody has heard: the newest, oldest first. Costs what is on the list, not the history. */
export async function unheardBy(device: Device, toyId: Uint8Array): Promise<Uint8Array[]> {
  await listOldOnes(device);
  const fromS = device.nowS() - UNHEARD_DAYS * DAY_S;
  const found: { messageId: Uint8Array; sentAt: number }[] = [];
  const over: Change[] = [];
  for (const { messageId, at } of await listUnheard(device)) {
    if (at <= fromS || (await hasStep(device, messageId, 'heard'))) {
      over.push(forgetUnheard(messageId));
      continue;
    }
    const letter = await letterOf(device, messageId);
    if (letter?.direction === 'to-toy' && same(letter.toyId, toyId)) found.push(letter);
  }
  if (over.length > 0) await device.store.write(over);
  return found
    .sort((a, b) => a.sentAt - b.sentAt || compareIds(b.messageId, a.messageId))
    .slice(-UNHEARD_MAX)
    .map(({ messageId }) => messageId);
}

/** Once on a device: what was delivered before there was a list. */
async function listOldOnes(device: Device): Promise<void> {
  if ((await device.store.get('marks', LISTED_MARK)) !== undefined) return;
  const old = (await listLetters(device)).filter(({ progress }) => progress === 'toy');
  await device.store.write([
    ...old.flatMap(({ messageId, progressAt }) => noteUnheard(messageId, 'toy', progressAt ?? 0)),
    { collection: 'marks', key: LISTED_MARK, value: new Uint8Array(0) },
  ]);
}

/**
 * The toy says that a message was heard to its end, `ageS` seconds ago or AGE_UNKNOWN: tells the family. 'known': it was told before;
 * 'unknown': this device does not have the message, and another bridge may still ask for it.
 */
export async function markHeardByToy(
  device: Device,
  toyId: Uint8Array,
  messageId: Uint8Array,
  ageS: number,
): Promise<'new' | 'known' | 'unknown'> {
  const letter = await letterOf(device, messageId);
  if (letter === null || letter.direction !== 'to-toy' || idText(letter.toyId) !== idText(toyId))
    return 'unknown';
  if ((await stepAt(device, messageId, 'heard')) !== null) return 'known';
  // Not before it was there, whatever the toy says.
  const deliveredAt = (await stepAt(device, messageId, 'toy')) ?? 0;
  const at = ageS === AGE_UNKNOWN ? 0 : Math.max(deliveredAt, device.nowS() - ageS, 1);
  await tellReceipt(device, letter, { messageId, state: HEARD, at }, []);
  return 'new';
}
