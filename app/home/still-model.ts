// A model in which nothing goes on: the browser lacks something, or what is kept here does not open.
import type { Abilities, Actions, Model, Stage } from '../model.ts';
import { codeError } from './codes.ts';
import { createLedger } from './ledger.ts';
import { createSignals, stateOf } from './signals.ts';

const NONE: Abilities = { bluetooth: false, camera: false, microphone: false, push: false, passkey: false };

/** `code`: why; null where the stage says it. */
export function createStillModel(stage: Stage, code: string | null, version: string): Model {
  const signals = createSignals(NONE, version);
  signals.stage.value = stage;
  const refuse = async () => {
    throw codeError(code ?? stage);
  };
  const dismissTrouble = () => {
    signals.trouble.value = null;
  };
  if (code !== null) signals.trouble.value = { code, at: Math.floor(Date.now() / 1000) };
  const seen = () => {
    const { relay, ...rest } = createLedger().count();
    return {
      ...rest,
      relay: { ...relay, origin: '', members: [] },
      push: { endpointHost: null, bodyBytes: 0 },
    };
  };
  const actions = new Proxy({ dismissTrouble } as Actions, {
    get: (own, name) => (name === 'dismissTrouble' ? own.dismissTrouble : refuse),
  });
  return { state: stateOf(signals, seen), actions };
}
