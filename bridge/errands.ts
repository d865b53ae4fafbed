// Pairing through a bridge: for a family whose phones have no Bluetooth for pages. The bridge lends its radio; the eyes that compare the
// animals and the keys that the toy obeys stay with the adult.
import { same } from '#protocol/bytes.ts';
import {
  ERRAND_ANIMALS,
  ERRAND_BEGIN,
  ERRAND_CONFIRM,
  ERRAND_DONE,
  ERRAND_FAILED,
  ERRAND_LIFETIME_S,
  ERRAND_POLICY,
  ERRAND_ROOT,
  ERRAND_SEEKING,
} from '#protocol/envelope/errand.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { signs } from '#protocol/family/judge.ts';
import { asMember, idText, ROLE_BRIDGE, ROLE_TOY } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Device } from './device.ts';
import { type BegunErrand, type ErrandTalk, listenForErrands, openErrandTalk } from './errand-talk.ts';
import {
  DENIED_ADVICE,
  PairingFailed,
  type PairingParts,
  type Parent,
  pairWith,
  parentOf,
} from './pairing.ts';
import type { Radio } from './radio.ts';
import type { ToyWishes } from './wishes.ts';

/** How long a bridge looks for the toy: as long as a held paw keeps pairing open. */
const SEARCH_MS = 60_000;
/** How long a bridge has to say that it is at it. */
const ANSWER_MS = 30_000;

export interface ErrandsParts {
  device: Device;
  radio: Radio;
  /** `code`: why it came to nothing. */
  tell(
    event: { event: 'pairing' } | { event: 'paired'; toy: string } | { event: 'unpaired'; code: string },
  ): void;
}

/** Runs the errands of the family's adults on a bridge, one at a time, until `signal` aborts. */
export async function runErrands(parts: ErrandsParts, signal: AbortSignal): Promise<void> {
  const { device, tell } = parts;
  let running: Promise<void> | null = null;
  listenForErrands(device, (errand) => {
    if (running !== null) void refuse(device, errand, 'busy', signal);
    else if (!isTimely(device, errand)) void refuse(device, errand, 'late', signal);
    else {
      tell({ event: 'pairing' });
      running = run(parts, errand, signal).finally(() => {
        running = null;
      });
    }
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  listenForErrands(device, null);
  await running;
}

/**
 * Pairs the toy that answers to the tag over the radio of a bridge; the same confirmation and the same result as `pairToy`. This device
 * must be exchanging with the relay meanwhile. @throws PairingFailed; faults `roster-member` (no bridge of the family), `prekeys-expired`.
 */
export async function pairThroughBridge(
  device: Device,
  bridgeId: Uint8Array,
  tag: Uint8Array,
  confirm: PairingParts['confirm'],
  wishes: ToyWishes,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bridge = memberOf(device.family.roster, bridgeId);
  if (bridge === undefined || bridge.role !== ROLE_BRIDGE || !signs(bridge)) throw fault('roster-member');
  const ended = AbortSignal.any([signal, AbortSignal.timeout(ERRAND_LIFETIME_S * 1000)]);
  const talk = openErrandTalk(device, bridge, sodium.randombytes_buf(16), ended);
  try {
    await talk.say({ step: ERRAND_BEGIN, tag });
    await talk.hear(ERRAND_SEEKING, 'not-found', { ms: ANSWER_MS, code: 'no-bridge' });
    return await beParent(device, talk, parentOf(device, wishes, confirm));
  } catch (error) {
    // The bridge need not wait for its time to be over.
    if (!talk.stopped.aborted) await talk.say({ step: ERRAND_FAILED, code: 'stopped' }).catch(() => {});
    throw error;
  } finally {
    talk.end();
  }
}

/** The adult's side, from the animals to the end. */
async function beParent(device: Device, talk: ErrandTalk, parent: Parent): Promise<Uint8Array> {
  const { animals, resets } = await talk.hear(ERRAND_ANIMALS, 'not-found');
  const areSame = await parent.confirm(animals, resets);
  await talk.say({ step: ERRAND_CONFIRM, areSame });
  if (!areSame) throw new PairingFailed('denied', DENIED_ADVICE);
  const { linkKey, toyRoot } = await talk.hear(ERRAND_ROOT, 'broken');
  const { id: toyId } = asMember({ role: ROLE_TOY, signKey: null, linkKey, person: null });
  // A toy that was reset is another toy: no bridge may have this one's secrets exchanged.
  if (memberOf(device.family.roster, toyId) !== undefined) throw strange();
  const toy = { toyId, linkKey, toyRoot };
  await talk.say({ step: ERRAND_POLICY, policy: await parent.adopt(toy) });
  const done = await talk.hear(ERRAND_DONE, 'broken');
  if (!same(done.toyId, toyId)) throw strange();
  await parent.paired(toy);
  return toyId;
}

function strange(): PairingFailed {
  return new PairingFailed('broken', 'The bridge does not say the truth. Put it out of the family.');
}

/** By the adult's clock, which may be wrong: what seems to come from the future is too late as well. */
function isTimely(device: Device, { sentAt }: BegunErrand): boolean {
  return Math.abs(device.nowS() - sentAt) < ERRAND_LIFETIME_S;
}

async function refuse(device: Device, errand: BegunErrand, code: string, signal: AbortSignal): Promise<void> {
  errand.tag.fill(0);
  const talk = openErrandTalk(device, errand.sender, errand.errandId, signal);
  await talk.say({ step: ERRAND_FAILED, code }).catch(() => {});
  talk.end();
}

async function run(parts: ErrandsParts, errand: BegunErrand, signal: AbortSignal): Promise<void> {
  const { device, radio, tell } = parts;
  const leftMs = (errand.sentAt + ERRAND_LIFETIME_S - device.nowS()) * 1000;
  const ended = AbortSignal.any([
    signal,
    AbortSignal.timeout(Math.min(Math.max(leftMs, 0), ERRAND_LIFETIME_S * 1000)),
  ]);
  const talk = openErrandTalk(device, errand.sender, errand.errandId, ended);
  const search = AbortSignal.any([ended, talk.stopped, AbortSignal.timeout(SEARCH_MS)]);
  const { clock, random } = device;
  const side = { radio, linkSecret: device.keys.linkSecret!, clock, random };
  try {
    await talk.say({ step: ERRAND_SEEKING });
    const toyId = await pairWith(side, errand.tag, parentBehind(device, talk, errand), search);
    tell({ event: 'paired', toy: idText(toyId) });
  } catch (error) {
    const { code } = error as { code?: unknown };
    const why = typeof code === 'string' ? code : 'broken';
    tell({ event: 'unpaired', code: why });
    if (!talk.stopped.aborted) await talk.say({ step: ERRAND_FAILED, code: why }).catch(() => {});
  } finally {
    errand.tag.fill(0);
    talk.end();
  }
}

/** The adult who sent the errand, as the parent of the pairing. */
function parentBehind(device: Device, talk: ErrandTalk, { sender }: BegunErrand): Parent {
  return {
    root: device.family.roster.rootKey,
    adult: sender.signKey,
    async confirm(animals, resets) {
      await talk.say({ step: ERRAND_ANIMALS, animals, resets });
      return (await talk.hear(ERRAND_CONFIRM, 'broken')).areSame;
    },
    async adopt({ linkKey, toyRoot }) {
      await talk.say({ step: ERRAND_ROOT, linkKey, toyRoot });
      toyRoot.fill(0);
      return (await talk.hear(ERRAND_POLICY, 'broken')).policy;
    },
    paired: ({ toyId }) => talk.say({ step: ERRAND_DONE, toyId }),
  };
}
