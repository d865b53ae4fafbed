// What travels inside fragments: frame types and the two frames in clear, HELLO and HANDSHAKE_1 (protocol/README.md section 3).
import { putU16, u16 } from '../bytes.ts';
import { fault } from '../fault.ts';
import { MAX_VALUE_BYTES, MAX_WINDOW, MIN_VALUE_BYTES } from './fragment.ts';

export const FRAME_HELLO = 0x01;
export const FRAME_CREDIT = 0x02;
export const FRAME_HANDSHAKE_1 = 0x03;
export const FRAME_HANDSHAKE_2 = 0x04;
export const FRAME_HANDSHAKE_3 = 0x05;
export const FRAME_RECORD = 0x06;

/** Version of the protocol that a HELLO announces. */
export const PROTOCOL_VERSION = 1;

/** Largest plaintext of a record, in bytes. */
export const MAX_PLAINTEXT_BYTES = 1024;
/** Type and number: what stands before the sealed plaintext in a RECORD frame. */
export const RECORD_HEAD_BYTES = 5;
/** Largest frame: RECORD_HEAD_BYTES, the largest plaintext and its 16-byte tag. */
export const MAX_FRAME_BYTES = 1045;

/** HELLO: type and body. */
export const HELLO_BYTES = 22;
export const HELLO_NONCE_BYTES = 16;
/** Bit 0 of HELLO's flags: the paw has opened pairing. */
export const HELLO_PAIRING_OPEN = 1;

/** HANDSHAKE_1 before its Noise message: type, pattern, mtu, window, hint. */
export const HANDSHAKE_1_HEAD_BYTES = 13;
export const HINT_BYTES = 8;
/** Noise_KKpsk0, with the psk of a bridge. */
export const PATTERN_DAILY = 1;
/** Noise_XXpsk0, with the tag's secret. */
export const PATTERN_PAIRING = 2;
/** Smallest ATT_MTU (Bluetooth Core, Vol 3, Part F, 3.2.8). */
export const MIN_MTU = 23;

export interface Hello {
  /** Largest value the toy takes, in bytes: 20-244. */
  limitBytes: number;
  /** Fragments the toy takes before it must be asked: 1-30. */
  window: number;
  isPairingOpen: boolean;
  /** 16 fresh bytes of this connection. */
  nonce: Uint8Array;
}

export interface Handshake1 {
  pattern: number;
  /** ATT_MTU of the connection, as the bridge knows it. */
  mtu: number;
  /** Fragments the bridge takes before it must be asked: 1-30. */
  window: number;
  /** 8 bytes: which bridge is calling; zeros when pairing. */
  hint: Uint8Array;
  /** The first Noise message. */
  message: Uint8Array;
}

/** Writes a HELLO frame; returns its length. */
export function encodeHello(hello: Hello, out: Uint8Array, offset: number): number {
  out[offset] = FRAME_HELLO;
  out[offset + 1] = PROTOCOL_VERSION;
  putU16(out, offset + 2, hello.limitBytes);
  out[offset + 4] = hello.window;
  out[offset + 5] = hello.isPairingOpen ? HELLO_PAIRING_OPEN : 0;
  out.set(hello.nonce, offset + 6);
  return HELLO_BYTES;
}

/** Reads a HELLO frame. `nonce` is a view. Faults: frame-short, frame-long, frame-type, frame-version, frame-field. */
export function decodeHello(frame: Uint8Array): Hello {
  if (frame.length < HELLO_BYTES) throw fault('frame-short');
  if (frame.length > HELLO_BYTES) throw fault('frame-long');
  if (frame[0] !== FRAME_HELLO) throw fault('frame-type');
  if (frame[1] !== PROTOCOL_VERSION) throw fault('frame-version');
  const limitBytes = u16(frame, 2);
  const window = frame[4]!;
  const flags = frame[5]!;
  if (limitBytes < MIN_VALUE_BYTES || limitBytes > MAX_VALUE_BYTES) throw fault('frame-field');
  if (window < 1 || window > MAX_WINDOW || flags > HELLO_PAIRING_OPEN) throw fault('frame-field');
  return {
    limitBytes: limitBytes,
    window: window,
    isPairingOpen: flags === HELLO_PAIRING_OPEN,
    nonce: frame.subarray(6, HELLO_BYTES),
  };
}

/** The part of a HELLO frame that enters the Noise prologue: all but the type. */
export function helloBody(frame: Uint8Array): Uint8Array {
  return frame.subarray(1, HELLO_BYTES);
}

/** Writes HANDSHAKE_1 up to its Noise message, which the link puts at `offset + HANDSHAKE_1_HEAD_BYTES`; returns that length. */
export function encodeHandshake1(
  pattern: number,
  mtu: number,
  window: number,
  hint: Uint8Array,
  out: Uint8Array,
  offset: number,
): number {
  out[offset] = FRAME_HANDSHAKE_1;
  out[offset + 1] = pattern;
  putU16(out, offset + 2, mtu);
  out[offset + 4] = window;
  out.set(hint, offset + 5);
  return HANDSHAKE_1_HEAD_BYTES;
}

/** Reads HANDSHAKE_1. `hint` and `message` are views. Faults: frame-short, frame-type, frame-field. */
export function decodeHandshake1(frame: Uint8Array): Handshake1 {
  if (frame.length <= HANDSHAKE_1_HEAD_BYTES) throw fault('frame-short');
  if (frame[0] !== FRAME_HANDSHAKE_1) throw fault('frame-type');
  const pattern = frame[1]!;
  const mtu = u16(frame, 2);
  const window = frame[4]!;
  if (pattern !== PATTERN_DAILY && pattern !== PATTERN_PAIRING) throw fault('frame-field');
  if (mtu < MIN_MTU || window < 1 || window > MAX_WINDOW) throw fault('frame-field');
  return {
    pattern: pattern,
    mtu: mtu,
    window: window,
    hint: frame.subarray(5, HANDSHAKE_1_HEAD_BYTES),
    message: frame.subarray(HANDSHAKE_1_HEAD_BYTES),
  };
}

/** The part of a HANDSHAKE_1 frame that enters the Noise prologue: pattern, mtu, window, hint. */
export function handshake1Body(frame: Uint8Array): Uint8Array {
  return frame.subarray(1, HANDSHAKE_1_HEAD_BYTES);
}
