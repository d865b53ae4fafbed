// The file with the text of a toy's tag. Never an argument, which everybody on the machine could read.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { decodeTag, encodeTag } from '#protocol/family/tag.ts';
import { CommandError } from './failure.ts';

/** The 32-byte secret: the tag's text, or 64 hex digits as older files have it. @throws CommandError. */
export function readTag(path: string): Uint8Array {
  if (!existsSync(path))
    throw new CommandError(`there is no file ${path}`, 'It holds what the toy’s tag says.');
  const text = readFileSync(path, 'utf8').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  try {
    return decodeTag(text);
  } catch (error) {
    throw new CommandError(
      `${path} does not hold the text of a tag`,
      (error as Error).message === 'tag-checksum'
        ? 'Something in it is mistyped: compare it with the tag.'
        : 'It begins with PAWPOST: and stands on the toy’s tag, also as a square code.',
    );
  }
}

/** Writes the text for a new toy, mode 0600, and onto the disk: a toy may be given its tag next. */
export function writeTag(path: string, secret: Uint8Array): void {
  writeFileSync(path, `${encodeTag(secret)}\n`, { mode: 0o600, flush: true });
}
