// What the family calls somebody or something, and how it looks. It goes sealed, like any message: the relay never sees a name.
import { asBlob, asBytes, asInteger, asTuple, type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { fault } from '../fault.ts';
import { ID_BYTES } from '../relay/limits.ts';
import { type Member, ROLE_ADULT, ROLE_RELATIVE } from './member.ts';

const PROFILE_VERSION = 1;
/** Characters (code points). */
export const NAME_MAX = 40;
/** Bytes of an image file. */
export const PICTURE_BYTES_MAX = 3072;
const U32_MAX = 0xffffffff;
const KINDS = ['person', 'toy', 'device'] as const;

export interface Profile {
  kind: (typeof KINDS)[number];
  /** The person's number, or the id of the toy or the device: 16 bytes. */
  id: Uint8Array;
  name: string;
  /** An image file (JPEG, PNG or WebP) of at most PICTURE_BYTES_MAX, or null. */
  picture: Uint8Array | null;
  /** Unix seconds, by the clock of who set it. */
  at: number;
}

/** `[1, kind (1 person, 2 toy, 3 device), id, name, picture or null, at]`. Fault `content-form` for what no reader would take. */
export function encodeProfile(profile: Profile): Uint8Array {
  const { kind, id, name, picture, at } = profile;
  // Half a character would come back as another.
  if (!isName(name)) throw fault('content-form');
  const bytes = encodeCbor([PROFILE_VERSION, KINDS.indexOf(kind) + 1, id, name, picture, at]);
  decodeProfile(bytes);
  return bytes;
}

/** Fault `content-form`, also for a name or a picture that is none. */
export function decodeProfile(bytes: Uint8Array): Profile {
  const code = 'content-form';
  const fields = asTuple(decodeCbor(bytes, code), 6, code);
  if (fields[0] !== PROFILE_VERSION) throw fault(code);
  return {
    kind: KINDS[asInteger(fields[1], 1, KINDS.length, code) - 1]!,
    id: asBytes(fields[2], ID_BYTES, code),
    name: asName(fields[3]),
    picture: fields[4] === null ? null : asPicture(fields[4]),
    at: asInteger(fields[5], 0, U32_MAX, code),
  };
}

/** Above 0 if `a` stands over `b`, 0 if they are the same: the later one, else the larger bytes. All devices decide alike. */
export function compareProfiles(a: Profile, b: Profile): number {
  if (a.at !== b.at) return a.at - b.at;
  const [left, right] = [encodeProfile(a), encodeProfile(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++)
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}

/** True if this member may say so: adults of all, a relative of itself alone. */
export function maySetProfile(member: Member, { kind, id }: Pick<Profile, 'kind' | 'id'>): boolean {
  if (member.role === ROLE_ADULT) return true;
  if (member.role !== ROLE_RELATIVE || kind !== 'person' || member.person === null) return false;
  return member.person.every((byte, i) => byte === id[i]);
}

/**
 * True for 1 to 40 characters in Unicode's composed form (NFC), without spaces at the ends, control characters, line breaks, halves of
 * characters, and marks that turn the direction of what follows.
 */
export function isName(name: string): boolean {
  const { length } = [...name];
  if (length < 1 || length > NAME_MAX || name !== name.normalize('NFC') || name !== name.trim()) return false;
  return !/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name);
}

function asName(value: Cbor | undefined): string {
  if (typeof value !== 'string' || !isName(value)) throw fault('content-form');
  return value;
}

/** The first bytes of the three forms; what follows is for the browser's own decoder, in the place where it is shown. */
function asPicture(value: Cbor | undefined): Uint8Array {
  const picture = asBlob(value, PICTURE_BYTES_MAX, 'content-form');
  const begins = (at: number, ...bytes: number[]) => bytes.every((byte, i) => picture[at + i] === byte);
  const isJpeg = begins(0, 0xff, 0xd8, 0xff);
  const isPng = begins(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const isWebp = begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50);
  if (!isJpeg && !isPng && !isWebp) throw fault('content-form');
  return picture;
}
