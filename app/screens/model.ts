// The model for every screen below the app, and an action with its waiting and its failure.
import { createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Model, Person } from '../model.ts';
import { codeOf } from '../words/troubles.ts';

export const ModelContext = createContext<Model | null>(null);

/** Throws outside of `mount`. */
export function useModel(): Model {
  const model = useContext(ModelContext);
  if (model === null) throw new Error('no model');
  return model;
}

/** The person at this device; null before there is a family. */
export function useMe(): Person | null {
  return useModel().state.people.value.find(({ isMe }) => isMe) ?? null;
}

export function useIsAdult(): boolean {
  return useMe()?.role === 'adult';
}

export interface Act {
  isBusy: boolean;
  /** Why the last one failed; null if it did not. */
  code: string | null;
  /** True if it went well. Never rejects. */
  run(action: () => Promise<unknown>): Promise<boolean>;
  forget(): void;
}

/** For a button that asks for something: it waits, and says what went wrong. */
export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  return {
    isBusy,
    code,
    forget: () => setCode(null),
    async run(action) {
      setBusy(true);
      setCode(null);
      try {
        await action();
        return true;
      } catch (error) {
        setCode(codeOf(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
