// Running until the person at the keyboard, or the system, says stop.

/** SIGHUP: the terminal's window was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm and tsx pass on a Ctrl-C that the terminal has sent to every process already: so soon, it is the same one. */
const SAME_MS = 1_500;
/** As a shell reports a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

/**
 * Runs `work` until Ctrl-C, SIGTERM or SIGHUP; resolves when it has put everything away. A second Ctrl-C does not wait for that:
 * it ends the process, with its `exit` listeners.
 */
export async function untilStopped(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let askedMs = 0;
  const ask = () => {
    if (!stop.signal.aborted) askedMs = performance.now();
    else if (performance.now() - askedMs > SAME_MS) process.exit(EXIT_INTERRUPTED);
    stop.abort();
  };
  // noble and bleno end the process at Ctrl-C if their listener is the last one, with everything still open.
  const stayLast = (name: string | symbol, listener: unknown) => {
    if (name !== 'SIGINT' || listener === ask) return;
    process.nextTick(() => {
      if (process.listeners('SIGINT').includes(ask)) process.off('SIGINT', ask).on('SIGINT', ask);
    });
  };
  for (const name of SIGNALS) process.on(name, ask);
  process.on('newListener', stayLast);
  try {
    await work(stop.signal);
  } finally {
    process.off('newListener', stayLast);
    for (const name of SIGNALS) process.off(name, ask);
  }
}
