// What our controllers say of themselves when a host asks: a plain LE 5.0 chip with data length extension and nothing else.
import * as hci from './hci.ts';

/** Link-layer payload with data length extension, in octets. */
export const DATA_LENGTH = 251;
export const RSSI_DBM = -50;
const ACL_BYTES = 251;
const ACL_BUFFERS = 8;
/** Time of 251 octets on LE 1M. */
const DATA_LENGTH_US = 2120;
/** Bit 5: data packet length extension. */
const FEATURES = Buffer.from([0x20, 0, 0, 0, 0, 0, 0, 0]);
/** Bluetooth 5.0; company 0xFFFF, nobody's chip. */
const VERSION = Buffer.from([9, 0, 0, 9, 0xff, 0xff, 1, 0]);

const OK = Buffer.from([hci.SUCCESS]);

/** The parameters, status first, that answer a command which changes nothing; null for any other command. */
export function answerCapability(opcode: number, parameters: Buffer, wireAddress: Buffer): Buffer | null {
  switch (opcode) {
    case hci.SET_EVENT_MASK:
    case hci.LE_SET_EVENT_MASK:
    case hci.WRITE_LE_HOST_SUPPORT:
      return OK;
    case hci.READ_LE_HOST_SUPPORT:
      return Buffer.from([hci.SUCCESS, 1, 0]);
    case hci.READ_LOCAL_VERSION:
      return Buffer.concat([OK, VERSION]);
    case hci.READ_ADDRESS:
      return Buffer.concat([OK, wireAddress]);
    case hci.READ_RSSI:
      return Buffer.from([hci.SUCCESS, parameters[0]!, parameters[1]!, RSSI_DBM & 255]);
    case hci.LE_READ_BUFFER_SIZE:
      return Buffer.concat([OK, hci.u16Bytes(ACL_BYTES), Buffer.from([ACL_BUFFERS])]);
    case hci.LE_READ_FEATURES:
      return Buffer.concat([OK, FEATURES]);
    case hci.LE_READ_MAXIMUM_DATA_LENGTH: {
      const length = Buffer.concat([hci.u16Bytes(DATA_LENGTH), hci.u16Bytes(DATA_LENGTH_US)]);
      return Buffer.concat([OK, length, length]);
    }
    default:
      return null;
  }
}
