// The key pair by which push services know this relay (VAPID, RFC 8292): made at the first start, kept beside the database.
import { createECDH } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import webPush from 'web-push';
import { z } from 'zod';
import { PUSH_KEY_BYTES } from '#protocol/relay/limits.ts';
import { RelayError } from './error.ts';

/** The file in the data directory, mode 0600. Without it devices must subscribe again. */
export const PUSH_KEYS_NAME = 'push-keys.json';

const keysSchema = z.strictObject({
  publicKey: z.string().regex(/^[\w-]{87}$/),
  privateKey: z.string().regex(/^[\w-]{43}$/),
});
/** Base64url: an uncompressed point of P-256, and its secret number. */
export type PushKeys = z.output<typeof keysSchema>;

/** The keys in a data directory, made if there are none. @throws RelayError `insecure`, `config`, `store-full`. */
export function openPushKeys(directory: string): PushKeys {
  const path = join(directory, PUSH_KEYS_NAME);
  if (!existsSync(path)) write(path, webPush.generateVAPIDKeys());
  if ((statSync(path).mode & 0o077) !== 0)
    throw new RelayError('insecure', `Others on this machine may read ${path}. Run: chmod 600 ${path}`);
  return read(path);
}

/** Under its own name the file exists only whole, and on the disk. */
function write(path: string, keys: PushKeys): void {
  const draft = `${path}.new`;
  try {
    const file = openSync(draft, 'w', 0o600);
    writeSync(file, JSON.stringify(keys));
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  } catch (error) {
    throw new RelayError('store-full', `The keys for push services cannot be written to ${path}.`, error);
  }
}

function read(path: string): PushKeys {
  const keys = parse(readFileSync(path, 'utf8'));
  if (keys === null) {
    throw new RelayError(
      'config',
      `${path} does not hold the keys for push services. Restore it, or move it away: devices must then turn notices on again.`,
    );
  }
  return keys;
}

/** Null unless both keys are there and belong together. */
function parse(text: string): PushKeys | null {
  try {
    const keys = keysSchema.parse(JSON.parse(text));
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(keys.privateKey, 'base64url');
    const point = pair.getPublicKey();
    return point.length === PUSH_KEY_BYTES && point.toString('base64url') === keys.publicKey ? keys : null;
  } catch {
    return null;
  }
}
