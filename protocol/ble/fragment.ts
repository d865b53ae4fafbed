// The head byte of a fragment and the limits of the fragment layer (protocol/README.md section 3).

/** Bits 0-4 of a head: sequence, modulo 32. */
export const SEQUENCE_MASK = 0x1f;
/** Bit 5: the next byte says how many of the bytes after it end the frame before; the rest belongs to the next frame. */
export const HEAD_JOINT = 0x20;
/** Bit 6: first fragment of a frame. */
export const HEAD_FIRST = 0x40;
/** Bit 7: last fragment of a frame. */
export const HEAD_LAST = 0x80;
/** Bits 5-7 of a credit, whose bits 0-4 are the sequence that its sender expects next. */
export const HEAD_CREDIT = 0xc0;

/** Smallest value every side takes: ATT_MTU 23 less 3. */
export const MIN_VALUE_BYTES = 20;
/** Largest value: with ATT and L2CAP heads it fills one 251-byte link-layer packet (ATT_MTU 247). Longer ones would be cut in two. */
export const MAX_VALUE_BYTES = 244;
/** Most fragments that may be under way; fewer than 32, so that a credit names one place only. */
export const MAX_WINDOW = 30;
/** What the toy may send before HANDSHAKE_1 has told it the bridge's window. */
export const FIRST_WINDOW = 4;
/** After this long with a full window and no credit, what is under way counts as lost. */
export const CREDIT_TIMEOUT_MS = 1000;

/** Sends `buffer[offset, offset+length)` as one value, at once or by copying it. False: no room, nothing was sent. */
export type SendValue = (buffer: Uint8Array, offset: number, length: number) => boolean;
