// The words of HCI that a small LE controller needs (Core specification 5.0, volume 2, part E; packets framed as H4, volume 4, part A).

export const COMMAND_PACKET = 0x01;
export const ACL_PACKET = 0x02;
export const EVENT_PACKET = 0x04;

/** Opcodes: group << 10 | command. */
export const DISCONNECT = 0x0406;
export const SET_EVENT_MASK = 0x0c01;
export const RESET = 0x0c03;
export const READ_LE_HOST_SUPPORT = 0x0c6c;
export const WRITE_LE_HOST_SUPPORT = 0x0c6d;
export const READ_LOCAL_VERSION = 0x1001;
export const READ_ADDRESS = 0x1009;
export const READ_RSSI = 0x1405;
export const LE_SET_EVENT_MASK = 0x2001;
export const LE_READ_BUFFER_SIZE = 0x2002;
export const LE_READ_FEATURES = 0x2003;
export const LE_SET_ADVERTISING_PARAMETERS = 0x2006;
export const LE_SET_ADVERTISING_DATA = 0x2008;
export const LE_SET_SCAN_RESPONSE_DATA = 0x2009;
export const LE_SET_ADVERTISING_ENABLE = 0x200a;
export const LE_SET_SCAN_PARAMETERS = 0x200b;
export const LE_SET_SCAN_ENABLE = 0x200c;
export const LE_CREATE_CONNECTION = 0x200d;
export const LE_CREATE_CONNECTION_CANCEL = 0x200e;
export const LE_CONNECTION_UPDATE = 0x2013;
export const LE_SET_DATA_LENGTH = 0x2022;
export const LE_READ_MAXIMUM_DATA_LENGTH = 0x202f;

/** Status codes (volume 2, part D). */
export const SUCCESS = 0x00;
export const UNKNOWN_COMMAND = 0x01;
export const UNKNOWN_CONNECTION = 0x02;
export const CONNECTION_TIMEOUT = 0x08;
export const COMMAND_DISALLOWED = 0x0c;
export const TERMINATED_BY_LOCAL_HOST = 0x16;

const DISCONNECTION_COMPLETE = 0x05;
const COMMAND_COMPLETE = 0x0e;
const COMMAND_STATUS = 0x0f;
const COMPLETED_PACKETS = 0x13;
const LE_META = 0x3e;
const LE_CONNECTION_COMPLETE = 0x01;
const LE_ADVERTISING_REPORT = 0x02;
const LE_CONNECTION_UPDATE_COMPLETE = 0x03;
const LE_DATA_LENGTH_CHANGE = 0x07;

/** An ACL packet whose data begins an L2CAP PDU says 10 towards the host and 00 from it; 01 continues one. */
const ACL_CONTINUATION = 0b01;
const ACL_START_TO_HOST = 0b10;

export function u16Bytes(value: number): Buffer {
  return Buffer.from([value & 255, value >> 8]);
}

export function encodeEvent(code: number, ...parameters: Buffer[]): Buffer {
  const body = Buffer.concat(parameters);
  return Buffer.concat([Buffer.from([EVENT_PACKET, code, body.length]), body]);
}

/** `result` begins with the status. */
export function commandComplete(opcode: number, result: Buffer): Buffer {
  return encodeEvent(COMMAND_COMPLETE, Buffer.from([1]), u16Bytes(opcode), result);
}

export function commandStatus(opcode: number, status: number): Buffer {
  return encodeEvent(COMMAND_STATUS, Buffer.from([status, 1]), u16Bytes(opcode));
}

export function completedPackets(handle: number, count: number): Buffer {
  return encodeEvent(COMPLETED_PACKETS, Buffer.from([1]), u16Bytes(handle), u16Bytes(count));
}

export function disconnectionComplete(handle: number, reason: number): Buffer {
  return encodeEvent(DISCONNECTION_COMPLETE, Buffer.from([SUCCESS]), u16Bytes(handle), Buffer.from([reason]));
}

/** `peer` is the address as it goes over the wire, last byte first. */
export function connectionComplete(fields: {
  status: number;
  handle: number;
  isPeripheral: boolean;
  peer: Buffer;
  interval: number;
  supervisionTimeout: number;
}): Buffer {
  return encodeEvent(
    LE_META,
    Buffer.from([LE_CONNECTION_COMPLETE, fields.status]),
    u16Bytes(fields.handle),
    Buffer.from([fields.isPeripheral ? 1 : 0, 0]),
    fields.peer,
    u16Bytes(fields.interval),
    u16Bytes(0),
    u16Bytes(fields.supervisionTimeout),
    Buffer.from([0]),
  );
}

export function connectionUpdateComplete(
  handle: number,
  interval: number,
  supervisionTimeout: number,
): Buffer {
  return encodeEvent(
    LE_META,
    Buffer.from([LE_CONNECTION_UPDATE_COMPLETE, SUCCESS]),
    u16Bytes(handle),
    u16Bytes(interval),
    u16Bytes(0),
    u16Bytes(supervisionTimeout),
  );
}

/** One report; `type` 0 is a connectable advertisement, 4 a scan response. */
export function advertisingReport(type: number, from: Buffer, data: Buffer, rssi: number): Buffer {
  return encodeEvent(
    LE_META,
    Buffer.from([LE_ADVERTISING_REPORT, 1, type, 0]),
    from,
    Buffer.from([data.length]),
    data,
    Buffer.from([rssi & 255]),
  );
}

/** Both directions alike; the time is that of so many octets on LE 1M. */
export function dataLengthChange(handle: number, octets: number): Buffer {
  const length = Buffer.concat([u16Bytes(octets), u16Bytes((octets + 14) * 8)]);
  return encodeEvent(LE_META, Buffer.from([LE_DATA_LENGTH_CHANGE]), u16Bytes(handle), length, length);
}

export function aclToHost(handle: number, isStart: boolean, data: Buffer): Buffer {
  const flags = isStart ? ACL_START_TO_HOST : ACL_CONTINUATION;
  return Buffer.concat([
    Buffer.from([ACL_PACKET]),
    u16Bytes(handle | (flags << 12)),
    u16Bytes(data.length),
    data,
  ]);
}

/** Null when the packet is shorter than it says. */
export function decodeAcl(packet: Buffer): { handle: number; isStart: boolean; data: Buffer } | null {
  if (packet.length < 5) return null;
  const head = packet.readUInt16LE(1);
  const length = packet.readUInt16LE(3);
  if (packet.length < 5 + length) return null;
  return {
    handle: head & 0xfff,
    isStart: ((head >> 12) & 3) !== ACL_CONTINUATION,
    data: Buffer.from(packet.subarray(5, 5 + length)),
  };
}

/** Null when the packet is shorter than it says. The parameters are followed by zeros, so that fixed offsets can be read. */
export function decodeCommand(packet: Buffer): { opcode: number; parameters: Buffer } | null {
  if (packet.length < 4 || packet.length < 4 + packet[3]!) return null;
  const parameters = Buffer.alloc(64 + packet[3]!);
  packet.copy(parameters, 0, 4, 4 + packet[3]!);
  return { opcode: packet.readUInt16LE(1), parameters };
}
