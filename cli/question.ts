// Asks the person at the keyboard.
import { createInterface } from 'node:readline/promises';

/** True for an answer that begins with y. Without a keyboard nobody agrees. */
export async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y/i.test(await lines.question(`${question} [y/N] `));
  } finally {
    lines.close();
  }
}

/** Puts a question and gives the line that is answered, from a keyboard or a pipe; null when nothing more comes. */
export type Ask = (question: string) => Promise<string | null>;

/** Runs an action that may ask several questions one after the other. */
export async function converse<T>(action: (ask: Ask) => Promise<T>): Promise<T> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // All lines in their order: from a pipe they may come before they are asked for.
  const answers = lines[Symbol.asyncIterator]();
  try {
    return await action(async (question) => {
      process.stderr.write(`${question} `);
      const { value, done } = await answers.next();
      return done === true ? null : (value as string);
    });
  } finally {
    lines.close();
    process.stdin.unref?.();
  }
}
