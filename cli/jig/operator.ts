// The person at the bench: is told what to do, and is asked what only a person can see or hear.
import type { Ask } from '../question.ts';

export interface Operator {
  /** False: nobody is there; what needs a person is not tested. */
  readonly isThere: boolean;
  tell(text: string): void;
  /** The answer to a question; null if none comes. */
  sees(question: string): Promise<boolean | null>;
}

/** Nobody. */
export const NOBODY: Operator = { isThere: false, tell: () => {}, sees: async () => null };

/** Somebody who answers with y or n; anything else is asked again. */
export function createOperator(ask: Ask, write: (line: string) => void): Operator {
  return {
    isThere: true,
    tell: (text) => write(`→ ${text}`),
    sees: async (question) => {
      for (;;) {
        const answer = await ask(`→ ${question} [y/n]`);
        if (answer === null) return null;
        if (/^\s*y/i.test(answer)) return true;
        if (/^\s*n/i.test(answer)) return false;
      }
    },
  };
}
