// Which errors the toy answers with silence: faults, whose message is a code without a space. Anything else is a mistake of ours and
// must be seen.

/** Returns if `error` is a fault of protocol/; throws it again if not. */
export function expectFault(error: unknown): void {
  if ((error as Error).message.indexOf(' ') >= 0) throw error;
}
