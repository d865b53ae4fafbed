// How this browser comes to be somebody's device: it begins a family, joins one, or takes the place of a lost phone.
import type { Device } from '#bridge/device.ts';
import { foundFamily, type NewDevice } from '#bridge/founding.ts';
import { askToJoin, awaitAdmission, keysByInvitation } from '#bridge/joining.ts';
import { createKeys, type DeviceRole } from '#bridge/keys.ts';
import { setProfile } from '#bridge/profiles.ts';
import { lookUpFamily, recoverFamily, successorOf } from '#bridge/recovery.ts';
import { readInvitationText } from '#protocol/family/invitation-text.ts';
import { kitText, readKit } from '#protocol/family/kit.ts';
import { idText, ROLE_ADULT, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { isName } from '#protocol/family/profile.ts';
import { recoveryWords } from '#protocol/family/words.ts';
import type { Identity } from '../keeping/identity.ts';
import type { Actions } from '../model.ts';
import { codeError, codeOf } from './codes.ts';
import type { Ledger } from './ledger.ts';
import type { Platform } from './platform.ts';
import type { Running } from './running.ts';
import type { Signals } from './signals.ts';

/** Words of the kit that a person must give back. */
const ASKED = 3;
const KIT_WORDS = 24;

export type Entering = Pick<Actions, 'beginFamily' | 'checkKit' | 'join' | 'recover' | 'lookUpKit'> & {
  /** Goes on with a joining that an earlier page began. */
  resume(identity: Identity): void;
  /** The newcomer says whether the words are the same. False: there is no newcomer here. */
  confirmWords(areSame: boolean): Promise<boolean>;
  /** Waits for nobody any more; what was begun is gone on with after the next start. */
  stop(): void;
};

export interface EnteringParts {
  platform: Platform;
  signals: Signals;
  running: Running;
  ledger: Ledger;
}

export function createEntering({ platform, signals, running, ledger }: EnteringParts): Entering {
  const { store, clock, vault } = platform;
  let founded: { device: Device; seed: Uint8Array; relay: string; myName: string } | null = null;
  let confirm: ((areSame: boolean) => void) | null = null;
  const ending = new AbortController();

  const partsOf = (role: DeviceRole, relay: string): NewDevice => ({
    keys: createKeys(role),
    relay,
    store,
    clock,
    watch: ledger.exchange,
  });

  /** The first thing that is kept here: asks the browser not to throw it away. */
  async function keep(identity: Identity): Promise<void> {
    await vault.keep(identity);
    signals.isStorageKept.value = await platform.storage.ask().catch(() => false);
  }

  async function settle(device: Device, { keys, relay, familyId }: Identity): Promise<void> {
    await keep({ keys, relay, familyId, joining: null });
    signals.joining.value = null;
    await running.start(device);
  }

  async function resume(identity: Identity): Promise<void> {
    const { keys, relay, joining } = identity;
    const [text, myName] = joining!;
    const { invitation } = readInvitationText(text);
    const parts = { keys, relay, store, clock, watch: ledger.exchange };
    const tell = (change: Partial<NonNullable<Signals['joining']['value']>>) => {
      const role = keys.role === ROLE_ADULT ? ('adult' as const) : ('relative' as const);
      const fresh = {
        side: 'newcomer' as const,
        step: 'waiting' as const,
        name: null,
        role,
        words: [],
        code: null,
      };
      signals.joining.value = { ...(signals.joining.value ?? fresh), ...change };
    };
    signals.stage.value = 'joining';
    signals.joining.value = null;
    tell({});
    try {
      const { words } = await askToJoin(parts, invitation, myName, ending.signal);
      const areSame = new Promise<boolean>((resolve) => {
        confirm = resolve;
      });
      tell({ step: 'words', words });
      if (!(await areSame)) throw codeError('words-differ');
      tell({ step: 'admitting' });
      await settle(await awaitAdmission(parts, invitation, ending.signal), identity);
    } catch (error) {
      if (ending.signal.aborted) return;
      await vault.erase();
      tell({ step: 'failed', code: codeOf(error) });
      signals.stage.value = 'welcome';
    } finally {
      confirm = null;
    }
  }

  return {
    async beginFamily(myName) {
      requireName(myName);
      const { relay } = platform;
      await vault.erase();
      const { device, rootSeed: seed } = await foundFamily(partsOf(ROLE_ADULT, relay));
      founded = { device, seed, relay, myName };
      signals.kit.value = { words: recoveryWords(seed), code: kitText(seed, relay), ask: places() };
      signals.stage.value = 'kit';
    },
    async checkKit(answers) {
      const kit = signals.kit.value;
      if (founded === null || kit === null) throw codeError('not-joined');
      const isRight = kit.ask.every((place, i) => kit.words[place] === answers[i]?.trim().toLowerCase());
      if (!isRight) return false;
      const { device, relay, seed, myName } = founded;
      const { keys, member, family } = device;
      await keep({ keys, relay, familyId: family.roster.familyId, joining: null });
      await setProfile(device, { kind: 'person', id: member.person!, name: myName, picture: null });
      seed.fill(0);
      founded = null;
      signals.kit.value = null;
      await running.start(device);
      return true;
    },
    async join(text, myName, role) {
      requireName(myName);
      const { invitation, relay } = readInvitationText(text);
      const fresh = createKeys(
        invitation.person !== undefined || role === 'adult' ? ROLE_ADULT : ROLE_RELATIVE,
      );
      const keys = keysByInvitation(fresh, invitation);
      const identity: Identity = {
        keys,
        relay,
        familyId: invitation.familyId,
        joining: [text.trim(), myName],
      };
      await vault.erase();
      // Kept before the first question: asked again after a restart, it must be by the same keys.
      await keep(identity);
      void resume(identity);
    },
    resume: (identity) => void resume(identity),
    stop: () => ending.abort(),
    async confirmWords(areSame) {
      if (confirm === null) return false;
      confirm(areSame);
      confirm = null;
      return true;
    },
    async lookUpKit(text) {
      const { seed, relay } = readKit(text);
      const { roster } = await lookUpFamily({ seed, relay: relay ?? platform.relay, clock });
      seed.fill(0);
      const adults = [...roster.members.values()].filter(({ role }) => role === ROLE_ADULT);
      return adults.map(({ id }) => ({ deviceId: idText(id), role: 'adult' }));
    },
    async recover(text, myName, lost) {
      requireName(myName);
      const kit = readKit(text);
      const relay = kit.relay ?? platform.relay;
      const { roster } = await lookUpFamily({ seed: kit.seed, relay, clock });
      const gone = [...roster.members.values()].filter(
        ({ id, role }) => role === ROLE_ADULT && (lost === null || lost.includes(idText(id))),
      );
      const stopped = signals.stage.value === 'forked' ? running.device() : null;
      const isOurs = stopped !== null && idText(stopped.family.roster.familyId) === idText(roster.familyId);
      await running.stop();
      const parts = partsOf(ROLE_ADULT, relay);
      // An adult's phone that a fork has stopped goes on as itself, with all that it knows.
      const itself = isOurs && stopped.member.role === ROLE_ADULT ? stopped : null;
      if (itself !== null) parts.keys = itself.keys;
      else {
        await vault.erase();
        // Whoever lost all their phones goes on as the same person; of several nobody can tell which one this is.
        parts.keys.person = successorOf(gone) ?? parts.keys.person;
      }
      const device = await recoverFamily({
        ...parts,
        seed: kit.seed,
        lost: lost === null ? null : gone.map(({ id }) => id),
      }).catch(async (error: unknown) => {
        // Nothing has ended the fork: it stays where it was, and may be tried again.
        if (itself !== null) {
          await running.start(itself);
          signals.stage.value = 'forked';
        }
        throw error;
      });
      await settle(device, { keys: parts.keys, relay, familyId: roster.familyId, joining: null });
      await setProfile(device, { kind: 'person', id: device.member.person!, name: myName, picture: null });
      await running.refresh();
    },
  };
}

function requireName(name: string): void {
  if (!isName(name)) throw codeError('name-form');
}

/** Three different places of the kit. */
function places(): number[] {
  const found = new Set<number>();
  const byte = new Uint8Array(1);
  while (found.size < ASKED) {
    crypto.getRandomValues(byte);
    // 32 - 8: others would come up more often.
    if ((byte[0]! & 31) < KIT_WORDS) found.add(byte[0]! & 31);
  }
  return [...found].sort((a, b) => a - b);
}
