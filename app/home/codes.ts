// What went wrong as a code, and nothing else of it: the words for it are in words/.
import { PasskeyError } from '../keeping/passkey.ts';

/** An error that a screen has words for. */
export function codeError(code: string, cause?: unknown): Error {
  return new Error(code, { cause });
}

/** The code of whatever was thrown. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof PasskeyError) return 'lock-failed';
  if (error.name === 'RelayUnreachable') return 'relay-unreachable';
  if (error.name === 'NotJoined') return 'not-joined';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}

/** `code` without the name of the error class that `bridge` puts before it: `radio: closed` is `closed`. */
export function bareCode(code: string): string {
  if (code.startsWith('relay unreachable')) return 'relay-unreachable';
  return code.replace(/^[a-z ]+: /, '');
}

/** An action that rejects with an Error whose message is a code. */
export function coded<Args extends unknown[], Result>(
  action: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await action(...args);
    } catch (error) {
      throw codeError(codeOf(error), error);
    }
  };
}
