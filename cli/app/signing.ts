// The maker's key, and what it signs: the list of a release's files.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { encodeRelease, releaseMessage } from '#app/release.ts';
import { CommandError } from '../failure.ts';

/** Reads an Ed25519 private key in PEM. @throws CommandError. */
export function readKey(path: string): KeyObject {
  const text = readFileSync(path, 'utf8');
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw new CommandError(
    `${path} is no Ed25519 key`,
    'Make one with "openssl genpkey -algorithm ed25519", and keep it off this machine when it is not signing.',
  );
}

/** This user's key for builds that nobody else takes; made when it is first wanted. */
export function developmentKey(): KeyObject {
  const folder = join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'pawpost');
  const path = join(folder, 'development.pem');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(path, pem, { mode: 0o600 });
  }
  return readKey(path);
}

/** The 32 bytes of the public key (RFC 8410: the last of its DER). */
export function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
}

/** `release.json` of these files; those of `onDemand` are fetched only when they are wanted. */
export function writeRelease(
  version: string,
  files: ReadonlyMap<string, Buffer>,
  onDemand: ReadonlyMap<string, Buffer> = new Map(),
): Buffer {
  const listOf = (some: ReadonlyMap<string, Buffer>) =>
    [...some].map(([path, content]) => ({
      path,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    }));
  return Buffer.from(encodeRelease({ version, files: listOf(files), onDemand: listOf(onDemand) }));
}

/** `release.sig` of a `release.json`. */
export function signRelease(key: KeyObject, release: Uint8Array): Buffer {
  return sign(null, releaseMessage(createHash('sha256').update(release).digest()), key);
}
