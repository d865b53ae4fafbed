// Who let a toy listen, when, and on which words: a record that all adults' devices keep for good, and the bit that the toy obeys.
import { CONSENT } from '#protocol/envelope/content.ts';
import { type Consent, decodeConsent, encodeConsent } from '#protocol/family/consent.ts';
import { idText, ROLE_ADULT } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { Device } from './device.ts';
import { changeWishes } from './guardian.ts';
import { owe } from './owed.ts';
import type { Change } from './store.ts';
import { tell } from './telling.ts';

/**
 * Records that this adult lets a toy listen, or no more, and makes the policy say so. `words`: BLAKE2b-32 of the text that was shown. Faults:
 * `roster-right` for anyone but an adult; those of `changeWishes`.
 */
export async function giveConsent(
  device: Device,
  toyId: Uint8Array,
  isGiven: boolean,
  words: Uint8Array,
): Promise<void> {
  const { role, person, id: deviceId } = device.member;
  if (role !== ROLE_ADULT || person === null) throw fault('roster-right');
  const consent: Consent = { toyId, isGiven, at: device.nowS(), words, person, deviceId };
  await device.store.write([keepConsent(device, consent)]);
  await changeWishes(device, toyId, { hasConsent: isGiven });
  const extra = encodeConsent(consent);
  await owe(device, null, await tell(device, { kind: CONSENT, toyId, extra }));
}

/** Everything that was said about a toy, oldest first. */
export async function consentsOf(device: Device, toyId: Uint8Array): Promise<Consent[]> {
  return listConsents(device, `${idText(toyId)}/`);
}

/** Tells a new adult's device all that was said before it came; it is owed it if it has no prekeys. Nothing to anybody else. */
export async function tellConsents(device: Device, to: Uint8Array): Promise<void> {
  if (device.member.role !== ROLE_ADULT) return;
  for (const consent of await listConsents(device, '')) {
    const { toyId } = consent;
    if (!device.family.roster.members.has(idText(toyId))) continue;
    const skipped = await tell(device, { kind: CONSENT, toyId, extra: encodeConsent(consent), only: to });
    if (skipped.length > 0) return owe(device, null, skipped);
  }
}

/** What a consent from an adult changes here. Fault `content-form`. */
export function takeConsent(device: Device, toyId: Uint8Array, extra: Uint8Array): Change[] {
  const consent = decodeConsent(extra);
  if (idText(consent.toyId) !== idText(toyId)) throw fault('content-form');
  return [keepConsent(device, consent)];
}

async function listConsents(device: Device, prefix: string): Promise<Consent[]> {
  const items = await device.store.list('consents', prefix);
  return items.map(({ value }) => decodeConsent(openAtRest(device.keys, value)));
}

function keepConsent(device: Device, consent: Consent): Change {
  const { toyId, at, deviceId } = consent;
  const key = `${idText(toyId)}/${String(at).padStart(10, '0')}/${idText(deviceId)}`;
  return { collection: 'consents', key, value: sealAtRest(device.keys, encodeConsent(consent)) };
}
