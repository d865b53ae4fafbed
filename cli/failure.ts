// How a command ends badly: one line that says what, one that says what to do, and an exit code. Never a stack, a key or a name.

/** Something the person at the keyboard can mend. */
export class CommandError extends Error {
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.name = 'CommandError';
    this.advice = advice;
  }
}

/** What all errors meant for a person have. */
function adviceOf(error: unknown): string | undefined {
  const { advice } = error as { advice?: unknown };
  return typeof advice === 'string' ? advice : undefined;
}

/** Prints the failure; returns the exit code: 1 for what a person can mend, 70 (EX_SOFTWARE) for our own mistakes. */
export function report(error: unknown): number {
  const message = error instanceof Error ? error.message : 'unknown failure';
  const advice = adviceOf(error);
  process.stderr.write(`pawpost: ${message}\n`);
  if (advice !== undefined) {
    process.stderr.write(`         ${advice}\n`);
    return 1;
  }
  if (process.env.PAWPOST_TRACE === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 70;
}
