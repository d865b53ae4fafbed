// The key file of a device: the one place on disk that holds its secrets, readable by its owner only.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ROLE_ADULT, ROLE_BRIDGE, ROLE_RELATIVE } from '#protocol/family/member.ts';
import { decodeBase64url, encodeBase64url } from '#protocol/relay/base64url.ts';
import type { DeviceKeys } from '../keys.ts';

/** The key file is missing, somebody else's, or not one. */
export class KeyFileError extends Error {
  readonly code: 'missing' | 'exists' | 'exposed' | 'damaged';
  readonly advice: string;
  constructor(code: KeyFileError['code'], advice: string, cause?: unknown) {
    super(`key file: ${code}`, { cause });
    this.name = 'KeyFileError';
    this.code = code;
    this.advice = advice;
  }
}

/** Keys, and where their family and relay are. */
export interface DeviceFile {
  keys: DeviceKeys;
  /** Address of the relay, without a slash at its end. */
  relay: string;
  /** The family's id, 16 bytes; null until the device has been invited. */
  family: Uint8Array | null;
}

const secret = (sizeBytes: number) =>
  z.string().transform((text, context) => {
    try {
      return decodeBase64url(text, sizeBytes);
    } catch {
      context.addIssue({ code: 'custom', message: `not ${sizeBytes} bytes` });
      return z.NEVER;
    }
  });

const fileSchema = z.strictObject({
  version: z.literal(1),
  role: z.union([z.literal(ROLE_ADULT), z.literal(ROLE_RELATIVE), z.literal(ROLE_BRIDGE)]),
  relay: z.url(),
  family: secret(16).nullable(),
  signSeed: secret(32),
  linkSecret: secret(32).nullable(),
  person: secret(16).nullable(),
});

/** @throws KeyFileError `missing`, `exposed` (others may read it), `damaged`. None of them shows what is in it. */
export function readKeyFile(path: string): DeviceFile {
  if (!existsSync(path)) {
    throw new KeyFileError(
      'missing',
      `There is no device at ${path}. Make one with "family create" or "device join".`,
    );
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new KeyFileError('exposed', `Others on this machine can read ${path}. Run: chmod 600 '${path}'`);
  }
  const parsed = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) {
    throw new KeyFileError(
      'damaged',
      `${path} is not a Pawpost key file. Restore it from a copy; it was left as it is.`,
    );
  }
  const { relay, family, version: _, ...keys } = parsed.data;
  return { keys, relay, family };
}

/** Writes the file so that a power cut leaves the old one or the new one. `isNew` refuses to replace. @throws KeyFileError `exists`. */
export function writeKeyFile(path: string, file: DeviceFile, isNew: boolean): void {
  if (isNew && existsSync(path)) {
    throw new KeyFileError('exists', `There is already a device at ${path}. Choose another --home.`);
  }
  const text = (bytes: Uint8Array | null) => bytes && encodeBase64url(bytes);
  const { keys } = file;
  const json = JSON.stringify({
    version: 1,
    role: keys.role,
    relay: file.relay,
    family: text(file.family),
    signSeed: text(keys.signSeed),
    linkSecret: text(keys.linkSecret),
    person: text(keys.person),
  } satisfies Record<keyof z.input<typeof fileSchema>, unknown>);
  writeWhole(path, json);
}

/** Replaces `path` (mode 0600) by `content`, durably. */
function writeWhole(path: string, content: string | Uint8Array): void {
  const fresh = `${path}.new`;
  const handle = openSync(fresh, 'w', 0o600);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
