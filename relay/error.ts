// What the relay says when it cannot start or go on: a code for programs, one plain sentence for people.

export type RelayErrorCode =
  | 'config'
  | 'insecure'
  | 'store-locked'
  | 'store-version'
  | 'store-damaged'
  | 'store-full'
  | 'store-failed'
  | 'replay'
  | 'stranger';

// sysexits.h, so that a service manager can tell "never try again" from "try again".
const EXIT_CODES: Readonly<Record<RelayErrorCode, number>> = {
  config: 78,
  insecure: 78,
  'store-locked': 75,
  'store-version': 78,
  'store-damaged': 65,
  'store-full': 74,
  'store-failed': 74,
  replay: 70,
  stranger: 70,
};

/** The only error that leaves the relay's functions on purpose. Its message names no id and no key. */
export class RelayError extends Error {
  readonly code: RelayErrorCode;

  constructor(code: RelayErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RelayError';
    this.code = code;
  }

  /** Exit code for a process that ends by this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}
