// How a command ends badly: one line that says what, one that says what to do, and an exit code. Never a stack, a key or a name.
import { RelayError, type RelayErrorCode } from '#relay/error.ts';

/** Something the person at the keyboard can mend. */
export class CommandError extends Error {
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.name = 'CommandError';
    this.advice = advice;
  }
}

/** sysexits.h. */
const EX_SOFTWARE = 70;

/** What a file or folder that was named can be. */
const SYSTEM_ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path: it is not there.',
  EACCES: 'Check who owns it: this user may not use it.',
  EISDIR: 'Name a file, not a folder.',
  ENOTDIR: 'Part of the path is a file.',
  EEXIST: 'Part of the path is a file.',
  ENOSPC: 'The disk is full. Nothing was lost; make room and run this again.',
  EFBIG: 'The disk, or this user’s share of it, is full. Make room and run this again.',
  EROFS: 'It cannot be written to: choose another place.',
  EADDRINUSE: 'Another program uses that port: choose another.',
};

/** For codes that can reach a person: what it means, and what to do. Any other code is a mistake of ours. */
const FAULTS: Readonly<Record<string, readonly [string, string]>> = {
  'prekeys-expired': [
    'nobody can read this yet: no device it is for has been online lately',
    'Start "bridge run" (or open "device inbox") on the other devices once, then run "device inbox" here.',
  ],
  'relay-refused': [
    'the relay does not know this device, or its clock is wrong',
    'Check this machine’s clock. If an adult has put this device out of the family, it stays out.',
  ],
  'relay-busy': ['the relay asks for patience', 'Wait a minute and run this again. Nothing was lost.'],
  'relay-full': ['a mailbox on the relay is full', 'Empty it with "device inbox" there. Nothing was lost.'],
  'relay-missing': [
    'the relay does not know this family',
    'Is it the right relay? If its data was wiped, start it with a copy of its --data.',
  ],
  'relay-answer': [
    'what answers is no Pawpost relay',
    'Check the address, and what stands between this machine and it.',
  ],
  'roster-rollback': [
    'the relay shows an older family than this device knows',
    'Trust it no more; use another.',
  ],
  'roster-fork': ['the relay shows another family than this device knows', 'Trust it no more; use another.'],
  'invitation-expired': [
    'the invitation is gone: it was closed, or is older than 48 hours',
    'Ask an adult for a new one ("family invite").',
  ],
  'invitation-used': [
    'somebody else has asked by this invitation',
    'Ask an adult for a new one ("family invite"), one for each device.',
  ],
  'invitation-person': [
    'somebody asked to join as a person who is in the family already',
    'For your own other device say "family invite --my-phone"; otherwise ask who had the invitation.',
  ],
  'invitation-form': ['that is not what the other device printed', 'Copy the whole line, without spaces.'],
  'roster-right': ['this device may not do that', 'Ask an adult of the family.'],
  'roster-member': [
    'this device, or the toy, is not in the family any more',
    'An adult can see who is with "family show", and invite anew.',
  ],
};

/** What the person who starts a relay can do about it. */
const RELAY_ADVICE: Readonly<Partial<Record<RelayErrorCode, string>>> = {
  config: 'Check the options: "relay serve --help".',
  insecure: 'Safe ways: this machine alone (127.0.0.1), --tls-cert with --tls-key, or --trusted-proxy.',
  'store-locked': 'Stop the other relay, or choose another --data.',
  'store-version': 'Update Pawpost on this machine.',
  'store-damaged': 'It was left as it is. Restore a copy of --data, or choose another folder.',
  'store-full': 'Make room and start it again. Nothing that was acknowledged is lost.',
  'store-failed': 'Check the disk and start it again. Nothing that was acknowledged is lost.',
};

/** What a failure means to a person; no advice: it is a mistake of ours. */
export function explain(error: unknown): { message: string; advice?: string; code: number } {
  if (!(error instanceof Error)) return { message: 'unknown failure', code: EX_SOFTWARE };
  const { message } = error;
  const fault = FAULTS[message];
  if (fault !== undefined) return { message: fault[0], advice: fault[1], code: 1 };
  if (error instanceof RelayError) {
    const advice = RELAY_ADVICE[error.code];
    return { message, code: error.exitCode, ...(advice === undefined ? {} : { advice }) };
  }
  const { advice } = error as { advice?: unknown };
  if (typeof advice === 'string') return { message, advice, code: 1 };
  const system = (error as NodeJS.ErrnoException).code;
  if (system !== undefined && SYSTEM_ADVICE[system] !== undefined)
    return { message, advice: SYSTEM_ADVICE[system], code: 1 };
  return { message, code: EX_SOFTWARE };
}

/** Prints the failure; returns the exit code: 1 for what a person can mend, 70 for our own mistakes, the relay’s own for the relay. */
export function report(error: unknown): number {
  const { message, advice, code } = explain(error);
  process.stderr.write(`pawpost: ${message}\n`);
  if (advice !== undefined) process.stderr.write(`         ${advice}\n`);
  else if (process.env.PAWPOST_TRACE === '1' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return code;
}
