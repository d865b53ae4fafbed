// The model's state while it is being changed: the same names as the screens see, to be written.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Abilities, Seen, State } from '../model.ts';

type Writable<T> = {
  readonly [Name in keyof T]: T[Name] extends ReadonlySignal<infer V> ? Signal<V> : T[Name];
};

/** Until when this release is looked after. */
const SUPPORT_ENDS = '2031-12-31';

/** `seen` is counted by itself. */
export type Signals = Writable<Omit<State, 'seen'>>;

export function createSignals(abilities: Abilities, version: string): Signals {
  return {
    stage: signal('opening'),
    isOnline: signal(true),
    people: signal([]),
    toys: signal([]),
    bridges: signal([]),
    letters: signal([]),
    pairing: signal(null),
    joining: signal(null),
    invitation: signal(null),
    kit: signal(null),
    trouble: signal(null),
    isLockOn: signal(false),
    isPushOn: signal(false),
    isStorageKept: signal(false),
    isPastUnsure: signal(false),
    about: signal({ version, releaseHash: null, supportEnds: SUPPORT_ENDS, hasUpdate: false }),
    abilities,
  };
}

/** The same for the screens, which only read it. */
export function stateOf(signals: Signals, seen: () => Seen): State {
  return { ...signals, seen: computed(seen) };
}
