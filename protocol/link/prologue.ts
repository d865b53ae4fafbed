// What is said in clear before a handshake, and bound into it: the toy's hello and the head of the bridge's first message.
import { MAX_WINDOW } from '../ble/fragment.ts';
import { HELLO_NONCE_BYTES, MIN_MTU } from '../ble/frame.ts';
import { ascii, putU16, u16, view } from '../bytes.ts';
import { fault } from '../fault.ts';

export const CONTEXT_LINK = 'pawpost1/link';

/** Bytes of a HELLO body (the frame without its type), and where its nonce stands. */
export const HELLO_BODY_BYTES = 21;
export const HELLO_NONCE = 5;

/** Bytes of a HANDSHAKE_1 body before its Noise message: pattern u8, mtu u16, window u8, hint [8]; and where the hint stands. */
export const CALL_HEAD_BYTES = 12;
export const CALL_HINT = 4;
/** Bytes of a whole HANDSHAKE_1 body: both patterns' first message is an ephemeral and an empty payload, 48 bytes. */
export const CALL_BYTES = 60;

/** Writes pattern, MTU (bytes) and window (fragments) of a HANDSHAKE_1 body. */
export function encodeCallHead(call: Uint8Array, pattern: number, mtu: number, window: number): void {
  call[0] = pattern;
  putU16(call, 1, mtu);
  call[3] = window;
}

/** ATT_MTU in bytes that the bridge says it has. */
export function callMtu(call: Uint8Array): number {
  return u16(call, 1);
}

/** Fragments the bridge takes before it must be asked. */
export function callWindow(call: Uint8Array): number {
  return call[3]!;
}

/** The nonce of a HELLO body, a view. */
export function helloNonce(hello: Uint8Array): Uint8Array {
  return view(hello, HELLO_NONCE, HELLO_NONCE_BYTES);
}

/**
 * The Noise prologue, 46 bytes: context, HELLO body, head of the HANDSHAKE_1 body.
 * Faults: handshake-failed for other lengths, an MTU below 23, a window that is not 1-30.
 */
export function prologueOf(hello: Uint8Array, call: Uint8Array): Uint8Array {
  if (hello.length !== HELLO_BODY_BYTES || call.length !== CALL_BYTES) throw fault('handshake-failed');
  if (callMtu(call) < MIN_MTU || callWindow(call) < 1 || callWindow(call) > MAX_WINDOW)
    throw fault('handshake-failed');
  const context = ascii(CONTEXT_LINK);
  const prologue = new Uint8Array(context.length + HELLO_BODY_BYTES + CALL_HEAD_BYTES);
  prologue.set(context);
  prologue.set(hello, context.length);
  prologue.set(view(call, 0, CALL_HEAD_BYTES), context.length + HELLO_BODY_BYTES);
  return prologue;
}
