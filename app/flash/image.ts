// The files of an image for a chip, looked through before anything is written: each in its place, each for this chip.
import {
  type Chip,
  IMAGE_AT,
  IMAGE_END,
  KEYS_AT,
  KEYS_END,
  PARTITION_TABLE_AT,
} from '#boards/wiring/chips.ts';
import { u16, u32 } from '#protocol/bytes.ts';
import { FlashError } from './failure.ts';
import { latin1 } from './letters.ts';

/** Bytes, and where in the flash they belong. */
export interface ImagePart {
  name: string;
  address: number;
  bytes: Uint8Array;
}

/** What Espruino's build, and its releases, call them. */
const BOOT_LOADER = 'bootloader.bin';
const TABLES = ['partition-table.bin', 'partitions_espruino.bin'];
const IMAGE_MAGIC = 0xe9;
const CHIP_ID_AT = 12;
const TABLE_MAGIC = 0x50aa;
const TABLE_ENTRY_BYTES = 32;
const TABLE_ADDRESS_AT = 4;
const TABLE_SIZE_AT = 8;
const TABLE_NAME_AT = 12;
/** The partition of the toy's keys (firmware/native/README.md). */
const KEYS = 'pawkeys';
const HEADER_BYTES = 24;

/** A file by its name, without its folder. */
export interface ImageFile {
  name: string;
  bytes: Uint8Array;
}

/** True for the name of a file that belongs to an image, or could. */
export function isImageName(name: string): boolean {
  return name.endsWith('.bin');
}

/**
 * The three parts, in the order of their addresses; files that are no image's are passed over. `where` is the folder, for messages.
 * @throws FlashError `image`: missing, damaged, or for another chip.
 */
export function imageParts(files: readonly ImageFile[], chip: Chip, where: string): ImagePart[] {
  const names = files.map(({ name }) => name).filter(isImageName);
  const table = TABLES.find((name) => names.includes(name));
  const others = names.filter((name) => name !== BOOT_LOADER && !TABLES.includes(name));
  const missing = [
    ...(names.includes(BOOT_LOADER) ? [] : [BOOT_LOADER]),
    ...(table === undefined ? [TABLES[0]!] : []),
    ...(others.length === 0 ? ['the application (the third .bin)'] : []),
  ];
  if (missing.length > 0 || table === undefined)
    throw new FlashError('image', `${where} lacks ${missing.join(', ')}`);
  if (others.length > 1)
    throw new FlashError('image', `${where} has more than one application: ${others.join(', ')}`);
  const part = (name: string, address: number, end: number): ImagePart => {
    const { bytes } = files.find((file) => file.name === name)!;
    if (bytes.length > end - address) throw new FlashError('image', `${name} is too large for its place`);
    return { name, address, bytes };
  };
  const parts = [
    part(BOOT_LOADER, chip.bootLoaderAt, PARTITION_TABLE_AT),
    part(table, PARTITION_TABLE_AT, PARTITION_TABLE_AT + 0x1000),
    part(others[0]!, IMAGE_AT, IMAGE_END),
  ];
  for (const each of [parts[0]!, parts[2]!]) requireProgram(each, chip);
  requireTable(parts[1]!);
  return parts;
}

/** @throws FlashError unless it begins as a program for `chip` does. */
function requireProgram({ name, bytes }: ImagePart, chip: Chip): void {
  if (bytes.length < HEADER_BYTES || bytes[0] !== IMAGE_MAGIC)
    throw new FlashError('image', `${name} is no program for an ESP32`);
  if (u16(bytes, CHIP_ID_AT) !== chip.imageId)
    throw new FlashError('image', `${name} was built for another chip than ${chip.name}`);
}

function requireTable({ name, bytes }: ImagePart): void {
  const entries = new Map<string, { from: number; end: number }>();
  for (let at = 0; at + TABLE_ENTRY_BYTES <= bytes.length; at += TABLE_ENTRY_BYTES) {
    if (u16(bytes, at) !== TABLE_MAGIC) break;
    const title = latin1(bytes.subarray(at + TABLE_NAME_AT, at + TABLE_NAME_AT + 16)).replace(/\0.*$/s, '');
    const from = u32(bytes, at + TABLE_ADDRESS_AT);
    entries.set(title, { from, end: from + u32(bytes, at + TABLE_SIZE_AT) });
  }
  if (entries.size === 0) throw new FlashError('image', `${name} is no table of partitions`);
  const keys = entries.get(KEYS);
  if (keys === undefined)
    throw new FlashError('image', `${name} has no partition ${KEYS}: a toy with it would forget who it is`);
  if (keys.from !== KEYS_AT || keys.end !== KEYS_END)
    throw new FlashError(
      'image',
      `${name} has the partition ${KEYS} in another place than 0x${KEYS_AT.toString(16)}`,
    );
}
