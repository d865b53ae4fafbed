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
