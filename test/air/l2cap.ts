// Puts L2CAP PDUs together again for the tap, and says what an antenna would make of them.
import type { AirPacket } from './packet.ts';

const HEADER_BYTES = 4;
const ATT_CHANNEL = 0x0004;
const ATT_WRITE_REQUEST = 0x12;
const ATT_WRITE_COMMAND = 0x52;
const ATT_NOTIFICATION = 0x1b;
/** Opcode and attribute handle before the value. */
const ATT_VALUE_OFFSET = 3;

/** Feeds ACL data of one direction; returns a whole PDU when its last byte has come, else null. */
export function createReassembly(): (isStart: boolean, data: Buffer) => Buffer | null {
  let pending: Buffer = Buffer.alloc(0);
  return (isStart, data) => {
    pending = isStart ? data : Buffer.concat([pending, data]);
    if (pending.length < HEADER_BYTES || pending.length < HEADER_BYTES + pending.readUInt16LE(0)) return null;
    const whole = pending;
    pending = Buffer.alloc(0);
    return whole;
  };
}

/** The value of an ATT write or notification, or the whole PDU as `control`. The bytes are a copy. */
export function readPdu(pdu: Buffer): Pick<AirPacket, 'kind' | 'bytes'> {
  const opcode = pdu[HEADER_BYTES];
  const isValue =
    pdu.length >= HEADER_BYTES + ATT_VALUE_OFFSET &&
    pdu.readUInt16LE(2) === ATT_CHANNEL &&
    (opcode === ATT_WRITE_COMMAND || opcode === ATT_WRITE_REQUEST || opcode === ATT_NOTIFICATION);
  return isValue
    ? { kind: 'value', bytes: Uint8Array.from(pdu.subarray(HEADER_BYTES + ATT_VALUE_OFFSET)) }
    : { kind: 'control', bytes: Uint8Array.from(pdu) };
}
