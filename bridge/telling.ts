// Says something small to devices of the family: a grant, a policy, a profile, a consent, a beacon. Whoever cannot be told now is named.
import { same } from '#protocol/bytes.ts';
import { NO_PACKETS } from '#protocol/envelope/body.ts';
import { CODEC_NONE, type Kind } from '#protocol/envelope/content.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Device } from './device.ts';
import { RelayUnreachable } from './mailbox.ts';
import { postMessage } from './outbox.ts';

export interface Telling {
  kind: Kind;
  /** Zeros for what is about no toy. */
  toyId: Uint8Array;
  extra: Uint8Array;
  /** The one device that a grant is for; null for the other kinds. */
  deviceId?: Uint8Array | null;
  /** Of those who get this kind, this one alone. */
  only?: Uint8Array;
}

/**
 * Puts the message into the outbox for everybody who gets its kind. Returns the devices that could not be told, for want of prekeys.
 * Faults as `recipientsFor`.
 */
export async function tell(device: Device, telling: Telling): Promise<Uint8Array[]> {
  const { kind, toyId, extra, deviceId = null, only } = telling;
  const all = recipientsFor(device.family.roster, { kind, toyId, senderId: device.member.id, deviceId });
  const to = only === undefined ? all : all.filter(({ id }) => same(id, only));
  if (to.length === 0) return [];
  const head = { kind, toyId, sentAt: device.nowS(), durationMs: 0, packets: 0, codec: CODEC_NONE, extra };
  const message = { id: sodium.randombytes_buf(16), head, packets: NO_PACKETS };
  try {
    return (await postMessage(device, message, to)).map((skipped) => skipped.deviceId);
  } catch (error) {
    // Nobody at all has prekeys that fit, or nobody's have ever been seen and no relay is there to ask.
    if (!(error instanceof RelayUnreachable) && (error as Error).message !== 'prekeys-expired') throw error;
    return to.map(({ id }) => id);
  }
}
