// Which messages were heard from a toy: asked of it, and told to the family once, with the time.
import { AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { HEARD } from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import { tellReceipt } from './deliveries.ts';
import type { Device } from './device.ts';
import { letterOf, listLetters, stepAt } from './letters.ts';

/** No more of a toy's messages are asked about, and none that are older. */
export const UNHEARD_MAX = 64;
export const UNHEARD_DAYS = 30;
const DAY_S = 86_400;

/** The messages that a toy has and that, as far as is known here, nobody has heard: the newest, oldest first. */
export async function unheardBy(device: Device, toyId: Uint8Array): Promise<Uint8Array[]> {
  const fromS = device.nowS() - UNHEARD_DAYS * DAY_S;
  const toy = idText(toyId);
  return (await listLetters(device))
    .filter(({ toyId: id, progress }) => progress === 'toy' && idText(id) === toy)
    .filter(({ progressAt }) => (progressAt ?? 0) > fromS)
    .slice(0, UNHEARD_MAX)
    .map(({ messageId }) => messageId)
    .reverse();
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
