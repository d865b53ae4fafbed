// A release of the app: what belongs to it, signed by its maker. Pure: the build writes it, the service worker judges it.

export const RELEASE_PATH = '/release.json';
export const SIGNATURE_PATH = '/release.sig';
const CONTEXT = new TextEncoder().encode('pawpost1/release');
const FORMAT = 1;
/** Far more than the app has, far less than would fill a phone. */
const FILES_MAX = 500;
const FILE_BYTES_MAX = 16 << 20;
export const RELEASE_BYTES_MAX = 256 << 10;
export const SIGNATURE_BYTES = 64;

export interface ReleaseFile {
  /** Path on the site, such as `/index.html`. */
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

export interface Release {
  /** Three numbers, such as `0.1.0`. */
  version: string;
  /** What the app needs to run: kept on the device as a whole. */
  files: ReleaseFile[];
  /** What is fetched only when it is wanted, such as a toy's program: kept nowhere, and judged each time. */
  onDemand: ReleaseFile[];
}

/** Why a release is not taken. Whatever was there stays. */
export type ReleaseRefusal =
  | 'form' // not a release
  | 'signature' // not the maker's
  | 'older' // than the one that is here
  | 'file'; // a file is not the one that was signed

export class ReleaseError extends Error {
  readonly code: ReleaseRefusal;
  constructor(code: ReleaseRefusal) {
    super(`release: ${code}`);
    this.name = 'ReleaseError';
    this.code = code;
  }
}

/** The one encoding of a release: the same files give the same bytes. */
export function encodeRelease({ version, files, onDemand }: Release): string {
  const lists = [`"files":${encodeList(files)}`];
  if (onDemand.length > 0) lists.push(`"onDemand":${encodeList(onDemand)}`);
  return `{"format":${FORMAT},"version":${JSON.stringify(version)},${lists.join(',')}}\n`;
}

function encodeList(files: readonly ReleaseFile[]): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = sorted.map(({ path, bytes, sha256 }) => `  ${JSON.stringify({ path, bytes, sha256 })}`);
  return `[\n${lines.join(',\n')}\n]`;
}

/** What is signed: the context, then the SHA-256 of `release.json` as it stands. */
export function releaseMessage(hash: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(CONTEXT.length + hash.length);
  message.set(CONTEXT);
  message.set(hash, CONTEXT.length);
  return message;
}

/**
 * The release that these bytes are, if the maker signed them and it is not older than `current` (null: there is none yet).
 * @throws ReleaseError
 */
export async function judgeRelease(
  bytes: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  makerKey: Uint8Array<ArrayBuffer>,
  current: string | null,
): Promise<Release & { hash: string }> {
  const hash = await sha256(bytes);
  if (signature.length !== SIGNATURE_BYTES) throw new ReleaseError('signature');
  const key = await crypto.subtle.importKey('raw', makerKey, 'Ed25519', false, ['verify']);
  const isGenuine = await crypto.subtle.verify('Ed25519', key, signature, releaseMessage(hash));
  if (!isGenuine) throw new ReleaseError('signature');
  const release = decodeRelease(new TextDecoder().decode(bytes));
  if (current !== null && isOlder(release.version, current)) throw new ReleaseError('older');
  return { ...release, hash: hexOf(hash) };
}

/** Checks that a file is the one that was signed. @throws ReleaseError `file`. */
export async function judgeFile(file: ReleaseFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const isSame = bytes.length === file.bytes && hexOf(await sha256(bytes)) === file.sha256;
  if (!isSame) throw new ReleaseError('file');
}

/** Of two versions of three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) if (a![i] !== b![i]) return a![i]! < b![i]!;
  return false;
}

/** A `release.json` that has been judged before. @throws ReleaseError `form`. */
export function decodeRelease(text: string): Release {
  const value = jsonOf(text);
  if (!isRecord(value)) throw new ReleaseError('form');
  const { format, version, files, onDemand = [] } = value;
  const isWhole =
    format === FORMAT &&
    typeof version === 'string' &&
    /^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(version) &&
    isList(files) &&
    files.length > 0 &&
    isList(onDemand) &&
    new Set([...files, ...onDemand].map(({ path }) => path)).size === files.length + onDemand.length;
  if (!isWhole) throw new ReleaseError('form');
  return { version, files, onDemand };
}

function isList(value: unknown): value is ReleaseFile[] {
  return Array.isArray(value) && value.length <= FILES_MAX && value.every(isFile);
}

function isFile(value: unknown): value is ReleaseFile {
  if (!isRecord(value)) return false;
  const { path, bytes, sha256 } = value;
  return (
    typeof path === 'string' &&
    /^(\/[\w-][\w.-]*)+$/.test(path) &&
    Number.isInteger(bytes) &&
    (bytes as number) >= 0 &&
    (bytes as number) <= FILE_BYTES_MAX &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
