// A relay in a process of its own, for tests that kill it: prints its address, and ends by the exit code of its error.
import { Writable } from 'node:stream';
import { RelayError } from '#relay/error.ts';
import { startRelay } from '#relay/main.ts';
import { GENEROUS_LIMITS } from './running.ts';

const log = new Writable({ write: (_chunk, _encoding, done) => done() });
try {
  const relay = await startRelay(
    { directory: process.argv[2]!, port: 0, limits: GENEROUS_LIMITS },
    { nowMs: Date.now, log },
  );
  console.log(relay.url);
} catch (error) {
  if (!(error instanceof RelayError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
