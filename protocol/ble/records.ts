// Control records: what a link's plaintext says, op first (protocol/README.md section 6). A record has exactly the length of its table.
import { putU16, putU32, u16, u32 } from '../bytes.ts';
import { fault } from '../fault.ts';

export const OP_OFFER = 0x01;
export const OP_PULL = 0x02;
export const OP_DATA = 0x03;
export const OP_END = 0x04;
export const OP_ACK = 0x05;
export const OP_READY = 0x10;
export const OP_STATUS = 0x11;
export const OP_POLICY = 0x12;
export const OP_POLICY_RESULT = 0x13;
export const OP_HEARD = 0x14;
export const OP_ASK = 0x15;
export const OP_PROGRAM = 0x16;
export const OP_PIECE = 0x17;
export const OP_PROGRAM_STATE = 0x18;
export const OP_COMMIT = 0x20;
export const OP_REVEAL = 0x21;
export const OP_CONFIRM = 0x22;
export const OP_ROOT = 0x23;
export const OP_PAIRED = 0x24;

/** Lengths of whole records in bytes, op included. */
export const READY_BYTES = 5;
export const STATUS_BYTES = 21;
export const POLICY_RECORD_BYTES = 902;
export const POLICY_RESULT_BYTES = 10;
export const HEARD_BYTES = 21;
export const ASK_BYTES = 18;
export const COMMIT_BYTES = 33;
export const REVEAL_BYTES = 17;
export const CONFIRM_BYTES = 65;
export const ROOT_BYTES = 33;
export const PAIRED_BYTES = 9;

/** Bytes of a policy in each of the two POLICY records. */
export const POLICY_PART_BYTES = 900;
/** POLICY_RESULT codes. */
export const POLICY_OBEYED = 0;
export const POLICY_OLDER = 1;
export const POLICY_REFUSED = 2;
/** STATUS battery while its charge is not known. */
export const BATTERY_UNKNOWN = 255;
/** A control record is sent again after this long without an answer. */
export const REPEAT_MS = 1000;

export interface Status {
  /** Of the policy in force; both 0 when there is none. */
  generation: number;
  counter: number;
  /** Factory resets so far. */
  resets: number;
  /** Percent, or BATTERY_UNKNOWN. */
  battery: number;
  /** Seconds since power came. */
  uptimeS: number;
  /** Chunks of messages the toy can take. */
  roomChunks: number;
  /** Release of the toy's program (protocol/program/version.ts). */
  program: number;
  /** BOARD_NUMBER of the toy's board (boards/). */
  board: number;
}

export interface PolicyResult {
  /** POLICY_OBEYED, POLICY_OLDER or POLICY_REFUSED. */
  code: number;
  generation: number;
  counter: number;
}

export interface Heard {
  /** The message, a view of 16 bytes. */
  id: Uint8Array;
  /** Seconds since it was heard to its end; 0xFFFFFFFF unknown. */
  ageS: number;
}

export interface Ask {
  /** The message, a view of 16 bytes. */
  id: Uint8Array;
  /** The bridge keeps that it was heard: the toy need not. */
  isKnown: boolean;
}

export interface Confirm {
  /** The family's root, Ed25519. */
  root: Uint8Array;
  /** The adult who pairs, Ed25519. */
  adult: Uint8Array;
}

export interface Paired {
  generation: number;
  counter: number;
}

/** The op of a record. Faults: record-short. */
export function recordOp(record: Uint8Array): number {
  if (record.length < 1) throw fault('record-short');
  return record[0]!;
}

/** Faults unless `record` is `op` and `length` bytes: record-short, record-long, record-op. */
export function checkRecord(record: Uint8Array, op: number, length: number): void {
  if (record.length < length) throw fault('record-short');
  if (record.length > length) throw fault('record-long');
  if (record[0] !== op) throw fault('record-op');
}

/** Writes READY; returns its length. */
export function encodeReady(timeS: number, out: Uint8Array, offset: number): number {
  out[offset] = OP_READY;
  putU32(out, offset + 1, timeS);
  return READY_BYTES;
}

/** The bridge's time, unix seconds. Faults: as `checkRecord`; so do all decoders here. */
export function decodeReady(record: Uint8Array): number {
  checkRecord(record, OP_READY, READY_BYTES);
  return u32(record, 1);
}

/** Writes STATUS; returns its length. */
export function encodeStatus(status: Status, out: Uint8Array, offset: number): number {
  out[offset] = OP_STATUS;
  putU32(out, offset + 1, status.generation);
  putU32(out, offset + 5, status.counter);
  out[offset + 9] = status.resets;
  out[offset + 10] = status.battery;
  putU32(out, offset + 11, status.uptimeS);
  putU16(out, offset + 15, status.roomChunks);
  putU16(out, offset + 17, status.program);
  putU16(out, offset + 19, status.board);
  return STATUS_BYTES;
}

/** Also faults record-field for a battery of 101-254 percent. */
export function decodeStatus(record: Uint8Array): Status {
  checkRecord(record, OP_STATUS, STATUS_BYTES);
  const battery = record[10]!;
  if (battery > 100 && battery !== BATTERY_UNKNOWN) throw fault('record-field');
  return {
    generation: u32(record, 1),
    counter: u32(record, 5),
    resets: record[9]!,
    battery: battery,
    uptimeS: u32(record, 11),
    roomChunks: u16(record, 15),
    program: u16(record, 17),
    board: u16(record, 19),
  };
}

/** Writes part 0 or 1 of a policy of 1800 bytes; returns the record's length. */
export function encodePolicyPart(part: number, policy: Uint8Array, out: Uint8Array, offset: number): number {
  out[offset] = OP_POLICY;
  out[offset + 1] = part;
  out.set(policy.subarray(part * POLICY_PART_BYTES, (part + 1) * POLICY_PART_BYTES), offset + 2);
  return POLICY_RECORD_BYTES;
}

/** Copies the part to its place in `policy` (1800 bytes) and returns its number. Also faults record-field. */
export function decodePolicyPart(record: Uint8Array, policy: Uint8Array): number {
  checkRecord(record, OP_POLICY, POLICY_RECORD_BYTES);
  const part = record[1]!;
  if (part > 1) throw fault('record-field');
  policy.set(record.subarray(2), part * POLICY_PART_BYTES);
  return part;
}

/** Writes POLICY_RESULT; returns its length. */
export function encodePolicyResult(result: PolicyResult, out: Uint8Array, offset: number): number {
  out[offset] = OP_POLICY_RESULT;
  out[offset + 1] = result.code;
  putU32(out, offset + 2, result.generation);
  putU32(out, offset + 6, result.counter);
  return POLICY_RESULT_BYTES;
}

/** Also faults record-field for an unknown code. */
export function decodePolicyResult(record: Uint8Array): PolicyResult {
  checkRecord(record, OP_POLICY_RESULT, POLICY_RESULT_BYTES);
  const code = record[1]!;
  if (code > POLICY_REFUSED) throw fault('record-field');
  return { code: code, generation: u32(record, 2), counter: u32(record, 6) };
}

/** Writes HEARD; returns its length. */
export function encodeHeard(id: Uint8Array, ageS: number, out: Uint8Array, offset: number): number {
  out[offset] = OP_HEARD;
  out.set(id, offset + 1);
  putU32(out, offset + 17, ageS);
  return HEARD_BYTES;
}

/** Which message was heard, and when. */
export function decodeHeard(record: Uint8Array): Heard {
  checkRecord(record, OP_HEARD, HEARD_BYTES);
  return { id: record.subarray(1, 17), ageS: u32(record, 17) };
}

/** Writes ASK; returns its length. */
export function encodeAsk(id: Uint8Array, isKnown: boolean, out: Uint8Array, offset: number): number {
  out[offset] = OP_ASK;
  out.set(id, offset + 1);
  out[offset + 17] = isKnown ? 1 : 0;
  return ASK_BYTES;
}

/** Also faults record-field unless the last byte is 0 or 1. */
export function decodeAsk(record: Uint8Array): Ask {
  checkRecord(record, OP_ASK, ASK_BYTES);
  const known = record[17]!;
  if (known > 1) throw fault('record-field');
  return { id: record.subarray(1, 17), isKnown: known === 1 };
}

/** Writes COMMIT; `commitment` is 32 bytes. Returns its length. */
export function encodeCommit(commitment: Uint8Array, out: Uint8Array, offset: number): number {
  out[offset] = OP_COMMIT;
  out.set(commitment, offset + 1);
  return COMMIT_BYTES;
}

/** The commitment, as a view of 32 bytes. */
export function decodeCommit(record: Uint8Array): Uint8Array {
  checkRecord(record, OP_COMMIT, COMMIT_BYTES);
  return record.subarray(1);
}

/** Writes REVEAL; `nonce` is 16 bytes. Returns its length. */
export function encodeReveal(nonce: Uint8Array, out: Uint8Array, offset: number): number {
  out[offset] = OP_REVEAL;
  out.set(nonce, offset + 1);
  return REVEAL_BYTES;
}

/** The nonce, as a view of 16 bytes. */
export function decodeReveal(record: Uint8Array): Uint8Array {
  checkRecord(record, OP_REVEAL, REVEAL_BYTES);
  return record.subarray(1);
}

/** Writes CONFIRM; returns its length. */
export function encodeConfirm(confirm: Confirm, out: Uint8Array, offset: number): number {
  out[offset] = OP_CONFIRM;
  out.set(confirm.root, offset + 1);
  out.set(confirm.adult, offset + 33);
  return CONFIRM_BYTES;
}

/** Both keys are views. */
export function decodeConfirm(record: Uint8Array): Confirm {
  checkRecord(record, OP_CONFIRM, CONFIRM_BYTES);
  return { root: record.subarray(1, 33), adult: record.subarray(33) };
}

/** Writes ROOT with 32 zeros, which `Primitives.sealSecret` replaces: the toy never holds its root as a value. Returns its length. */
export function encodeRoot(out: Uint8Array, offset: number): number {
  out[offset] = OP_ROOT;
  out.fill(0, offset + 1, offset + ROOT_BYTES);
  return ROOT_BYTES;
}

/** The toyRoot, as a view of 32 bytes: hosts only. */
export function decodeRoot(record: Uint8Array): Uint8Array {
  checkRecord(record, OP_ROOT, ROOT_BYTES);
  return record.subarray(1);
}

/** Writes PAIRED; returns its length. */
export function encodePaired(paired: Paired, out: Uint8Array, offset: number): number {
  out[offset] = OP_PAIRED;
  putU32(out, offset + 1, paired.generation);
  putU32(out, offset + 5, paired.counter);
  return PAIRED_BYTES;
}

/** Generation and counter of the policy that the toy has stored. */
export function decodePaired(record: Uint8Array): Paired {
  checkRecord(record, OP_PAIRED, PAIRED_BYTES);
  return { generation: u32(record, 1), counter: u32(record, 5) };
}
