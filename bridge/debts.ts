// Pays what is owed to devices that had no prekeys when there was something to tell them.
import { memberOf } from '#protocol/family/chain.ts';
import { signs } from '#protocol/family/judge.ts';
import { tellConsents } from './consents.ts';
import type { Device } from './device.ts';
import { grantTo, tellPolicy } from './granting.ts';
import { debtsOf, owe, settle } from './owed.ts';
import { tellProfiles } from './profiles.ts';

/**
 * Gives devices what they could not be given before they had published prekeys: a toy's grant and policy, the family's names and
 * consents. Returns at once where nothing is owed. Rejects as `postMessage`.
 */
export async function payDebts(device: Device): Promise<void> {
  for (const debt of await debtsOf(device)) {
    const { toyId, deviceId } = debt;
    const { roster } = device.family;
    const member = memberOf(roster, deviceId);
    const isAboutMember = toyId === null || memberOf(roster, toyId) !== undefined;
    if (isAboutMember && member !== undefined && signs(member)) {
      const [bundle] = await device.mailbox.readPrekeys([deviceId]);
      if (bundle === undefined) continue;
      // Settled first: who cannot be told even so is owed it anew.
      await settle(device, debt);
      if (toyId === null) {
        await tellProfiles(device, deviceId);
        await tellConsents(device, deviceId);
      } else {
        const skipped = await grantTo(device, toyId, member);
        skipped.push(...(await tellPolicy(device, toyId, deviceId)));
        await owe(device, toyId, skipped);
      }
    } else await settle(device, debt);
  }
}
