// The relay's log: what was asked, how it went and how long it took; never a family, a device, a message or an address.
import { createHmac, randomBytes } from 'node:crypto';
import pino, { type DestinationStream, type Logger } from 'pino';

const DAY_MS = 86_400_000;

export interface RelayLog {
  logger: Logger;
  /** A name for an address that means nothing tomorrow: keyed by a salt that lives in memory for one UTC day. */
  who(address: string): string;
  /** Where an unforeseen error came from, without its message, which might quote what was sent. */
  failure(error: unknown): void;
}

export function createLog(destination: DestinationStream, nowMs: () => number): RelayLog {
  const logger = pino(
    { base: null, timestamp: () => `,"at":"${new Date(nowMs()).toISOString()}"` },
    destination,
  );
  let day = -1;
  let salt = Buffer.alloc(0);
  return {
    logger,
    who(address) {
      const today = Math.floor(nowMs() / DAY_MS);
      if (today !== day) {
        day = today;
        salt = randomBytes(32);
      }
      return createHmac('sha256', salt).update(address).digest('hex').slice(0, 12);
    },
    failure(error) {
      const { name, code, stack, cause } = error as {
        name?: string;
        code?: string;
        stack?: string;
        cause?: { code?: string };
      };
      const at = (stack ?? '')
        .split('\n')
        .filter((line) => line.startsWith('    at '))
        .slice(0, 5);
      logger.error({ name, code, cause: cause?.code, at: at.map((line) => line.trim()) }, 'failed');
    },
  };
}
