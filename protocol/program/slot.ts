// How a signed program lies in the toy's flash: two slots of eleven sectors (protocol/README.md section 16).
import { codeOf, HEAD_BYTES } from './head.ts';

export const PROGRAM_SLOTS = 2;
export const SECTOR_BYTES = 4096;
/** The head's sector, and ten of code. */
export const PROGRAM_SLOT_BYTES = 11 * SECTOR_BYTES;

/** In a slot. The head is written last. */
export const SLOT_HEAD_AT = 0;
/** Words of 32 bits, each used up by one start of a program that is not known to be healthy. */
export const SLOT_TRIES_AT = 256;
export const SLOT_TRIES = 3;
/** A word of 32 bits, all ones until the program has had a healthy link. */
export const SLOT_HEALTHY_AT = 272;
export const SLOT_CODE_AT = SECTOR_BYTES;

/** What a slot holds of a whole signed program that was never started, to be written at the slot's address in erased flash. */
export function slotImage(program: Uint8Array): Uint8Array {
  const code = codeOf(program);
  const image = new Uint8Array(SLOT_CODE_AT + code.length).fill(0xff);
  image.set(program.subarray(0, HEAD_BYTES), SLOT_HEAD_AT);
  image.set(code, SLOT_CODE_AT);
  return image;
}
