// Running until the person at the keyboard, or the system, says stop.

/** Runs `work` until Ctrl-C or SIGTERM; resolves when it has put everything away. */
export async function untilStopped(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const ask = () => stop.abort();
  process.once('SIGINT', ask);
  process.once('SIGTERM', ask);
  try {
    await work(stop.signal);
  } finally {
    process.off('SIGINT', ask);
    process.off('SIGTERM', ask);
  }
}
