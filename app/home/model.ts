// The real model: the machinery behind the screens, over whatever platform it is handed.
import { openDevice } from '#bridge/device.ts';
import { leaveFamily } from '#bridge/removal.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Identity } from '../keeping/identity.ts';
import type { Actions, Model, Seen } from '../model.ts';
import { coded, codeOf } from './codes.ts';
import { createLedger } from './ledger.ts';
import type { Platform } from './platform.ts';
import { createPost } from './post.ts';
import { createPushSwitch } from './push.ts';
import { createRunning } from './running.ts';
import { createSignals, stateOf } from './signals.ts';

/** Bytes of a push: it has none. */
const PUSH_BODY_BYTES = 0;
const ROLES: Readonly<Record<number, string>> = {
  [ROLE_ADULT]: 'adult',
  [ROLE_RELATIVE]: 'relative',
  [ROLE_BRIDGE]: 'bridge',
};

/** Opens what is kept here and goes on from there. `close` ends all work. Never rejects: what is wrong is in the state. */
export async function openModel(platform: Platform): Promise<Model & { close(): Promise<void> }> {
  const { vault, clock } = platform;
  const signals = createSignals(platform.abilities, platform.releases.version);
  const ledger = createLedger();
  const running = createRunning(platform, signals, ledger);
  const consentWords = () => sodium.crypto_generichash(32, platform.consentText(), null);
  const push = createPushSwitch(platform, signals, running);
  let relay = platform.relay;
  // What few starts of the app need is loaded when it is asked for.
  const entering = later(async () =>
    (await import('./entering.ts')).createEntering({ platform, signals, running, ledger }),
  );
  const inviting = later(async () =>
    (await import('./inviting.ts')).createInviting(platform, signals, running, () => relay),
  );
  const pairing = later(async () =>
    (await import('./pairing.ts')).createPairing(signals, running, consentWords),
  );
  const household = later(async () =>
    (await import('./household.ts')).createHousehold(platform, running, consentWords),
  );
  let give: (() => void) | null = null;

  function trouble(error: unknown): void {
    signals.trouble.value = { code: codeOf(error), at: Math.floor(clock.nowMs() / 1000) };
  }

  async function begin(identity: Identity): Promise<void> {
    relay = identity.relay;
    if (identity.joining !== null) return (await entering()).resume(identity);
    const { keys, familyId } = identity;
    const { store } = platform;
    await running.start(await openDevice({ keys, relay, familyId, store, clock, watch: ledger.exchange }));
    await push.renew();
  }

  async function open(): Promise<void> {
    give = await platform.takePlace();
    if (give === null) {
      trouble(Object.assign(new Error('another page'), { code: 'locked' }));
      return;
    }
    signals.isStorageKept.value = await platform.storage.isKept();
    const kept = await vault.look();
    signals.isLockOn.value = kept === 'locked';
    if (kept === 'open') await begin(await vault.open());
    else signals.stage.value = kept === 'locked' ? 'locked' : 'welcome';
  }

  async function erase(): Promise<void> {
    await running.stop();
    await vault.erase();
    signals.isLockOn.value = false;
    for (const list of [signals.people, signals.toys, signals.bridges, signals.letters]) list.value = [];
    signals.stage.value = 'welcome';
  }

  function seen(): Seen {
    const { relay: counted, ...rest } = ledger.count();
    const members = running.isRunning ? [...running.device().family.roster.members.values()] : [];
    return {
      ...rest,
      relay: {
        ...counted,
        origin: relay,
        members: members.map(({ id, role }) => ({ id: idText(id), role: ROLES[role] ?? 'toy' })),
      },
      push: { endpointHost: push.host, bodyBytes: PUSH_BODY_BYTES },
    };
  }

  const actions: Actions = {
    ...createPost(running, ledger),
    beginFamily: async (...given) => (await entering()).beginFamily(...given),
    checkKit: async (...given) => (await entering()).checkKit(...given),
    join: async (...given) => (await entering()).join(...given),
    recover: async (...given) => (await entering()).recover(...given),
    lookUpKit: async (...given) => (await entering()).lookUpKit(...given),
    invite: async (options) => (await inviting()).invite(options),
    stopInviting: async () => (await inviting()).stopInviting(),
    async confirmWords(areSame) {
      const isNewcomer = signals.joining.value?.side === 'newcomer';
      await (await (isNewcomer ? entering() : inviting())).confirmWords(areSame);
    },
    startPairing: async () => (await pairing()).startPairing(),
    giveTag: async (...given) => (await pairing()).giveTag(...given),
    searchToy: async (...given) => (await pairing()).searchToy(...given),
    confirmAnimals: async (...given) => (await pairing()).confirmAnimals(...given),
    stopPairing: async () => (await pairing()).stopPairing(),
    remove: async (...given) => (await household()).remove(...given),
    rename: async (...given) => (await household()).rename(...given),
    setPicture: async (...given) => (await household()).setPicture(...given),
    setConsent: async (...given) => (await household()).setConsent(...given),
    setQuiet: async (...given) => (await household()).setQuiet(...given),
    setVolume: async (...given) => (await household()).setVolume(...given),
    setPermissions: async (...given) => (await household()).setPermissions(...given),
    setPush: push.setPush,
    async unlock() {
      await begin(await vault.open());
    },
    async connectToy() {
      await running.choose();
    },
    async setLock(isOn) {
      await vault.setLock(isOn);
      signals.isLockOn.value = isOn;
    },
    async keepStorage() {
      signals.isStorageKept.value = await platform.storage.ask();
    },
    applyUpdate: () => platform.releases.apply(),
    async leave() {
      if (running.isRunning && signals.stage.value === 'home') {
        if (signals.isPushOn.value) await push.setPush(false);
        await leaveFamily(running.device());
      }
      await erase();
    },
    dismissTrouble() {
      signals.trouble.value = null;
    },
  };

  platform.onChange(() => {
    signals.isOnline.value = platform.isOnline();
    running.wake();
  });
  platform.push?.onKnock(() => running.wake());
  platform.releases.watch((releaseHash, hasUpdate) => {
    signals.about.value = { ...signals.about.value, releaseHash, hasUpdate };
  });
  platform.releases.onRefusal((code) => trouble(new Error(code)));
  signals.isOnline.value = platform.isOnline();
  await open().catch(trouble);

  return {
    state: stateOf(signals, seen),
    actions: allCoded(actions),
    async close() {
      if (signals.stage.value === 'joining') (await entering()).stop();
      await running.stop();
      give?.();
    },
  };
}

function later<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

function allCoded(actions: Actions): Actions {
  const { dismissTrouble, ...rest } = actions;
  const wrapped = Object.entries(rest).map(([name, action]) => [
    name,
    coded(action as (...args: unknown[]) => Promise<unknown>),
  ]);
  return { ...(Object.fromEntries(wrapped) as typeof rest), dismissTrouble };
}
