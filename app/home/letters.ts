// The letters as screens show them.
import type { Device } from '#bridge/device.ts';
import type { LetterHead } from '#bridge/letters.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { idText } from '#protocol/family/member.ts';
import type { Letter } from '../model.ts';

/** Newest first, as they come. */
export function viewLetters(device: Device, heads: readonly LetterHead[]): Letter[] {
  const me = device.member.person;
  return heads.map((head) => {
    const isFromToy = head.direction === 'from-toy';
    const person = isFromToy ? null : (memberOf(device.family.roster, head.senderId)?.person ?? null);
    return {
      id: idText(head.messageId),
      toyId: idText(head.toyId),
      direction: head.direction,
      personId: person === null ? null : idText(person),
      isMine: person !== null && me !== null && idText(person) === idText(me),
      sentAt: head.sentAt,
      durationMs: head.durationMs,
      isHeard: head.heardAt !== null,
      isKept: head.isKept,
      progress: head.progress,
      progressAt: head.progressAt,
      awaitsMe: head.awaitsApproval,
    };
  });
}
