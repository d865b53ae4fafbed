// A host without a stack: speaks HCI to a controller by hand, for tests of the controller and for devices that behave badly.
import * as hci from './hci.ts';
import type { HciPort } from './hci-port.ts';

const ATT_CHANNEL = 4;

export interface RawHost {
  /** Every packet from the controller, in order. */
  readonly packets: Buffer[];
  /** Sends one command; parameters follow the opcode. */
  command(opcode: number, parameters?: Uint8Array): void;
  /** Sends one ATT PDU on the newest connection. */
  att(pdu: Uint8Array): void;
  /** Advertises connectably every 20 ms at most. */
  advertise(data: Uint8Array): void;
  /** Asks for a connection to an address such as `02:00:00:00:00:01`. */
  initiate(address: string, timing: { interval: number; supervisionTimeout: number }): void;
  /** Hears each ATT PDU. */
  onAtt(listener: (pdu: Buffer) => void): void;
  /** Resolves with the parameters of the next event of this code that passes; also with one that has come already. */
  event(code: number, passes?: (parameters: Buffer) => boolean): Promise<Buffer>;
}

/** Codes of the events that tests wait for. */
export const EVENT_DISCONNECTED = 0x05;
export const EVENT_COMMAND_COMPLETE = 0x0e;
export const EVENT_LE_META = 0x3e;
export const META_CONNECTED = 0x01;

export function createRawHost(port: HciPort): RawHost {
  const packets: Buffer[] = [];
  let handle = 0;
  let attListener = (_pdu: Buffer) => {};
  let wake = () => {};

  port.attach({
    packet(packet) {
      packets.push(packet);
      if (packet[0] === hci.EVENT_PACKET && packet[1] === EVENT_LE_META && packet[3] === META_CONNECTED)
        handle = packet.readUInt16LE(5);
      const acl = packet[0] === hci.ACL_PACKET ? hci.decodeAcl(packet) : null;
      if (acl !== null && acl.data.readUInt16LE(2) === ATT_CHANNEL) attListener(acl.data.subarray(4));
      wake();
    },
    state() {},
  });

  function command(opcode: number, parameters: Uint8Array = new Uint8Array(0)): void {
    const head = Buffer.from([hci.COMMAND_PACKET, opcode & 255, opcode >> 8, parameters.length]);
    port.write(Buffer.concat([head, parameters]));
  }

  return {
    packets,
    command,
    att(pdu) {
      const data = Buffer.concat([hci.u16Bytes(pdu.length), hci.u16Bytes(ATT_CHANNEL), pdu]);
      port.write(
        Buffer.concat([Buffer.from([hci.ACL_PACKET]), hci.u16Bytes(handle), hci.u16Bytes(data.length), data]),
      );
    },
    advertise(data) {
      const parameters = Buffer.alloc(15);
      parameters.writeUInt16LE(32, 0);
      command(hci.LE_SET_ADVERTISING_PARAMETERS, parameters);
      command(hci.LE_SET_ADVERTISING_DATA, Buffer.concat([Buffer.from([data.length]), data], 32));
      command(hci.LE_SET_ADVERTISING_ENABLE, Uint8Array.of(1));
    },
    initiate(address, timing) {
      const parameters = Buffer.alloc(25);
      Buffer.from(address.replaceAll(':', ''), 'hex').reverse().copy(parameters, 6);
      parameters.writeUInt16LE(timing.interval, 13);
      parameters.writeUInt16LE(timing.interval, 15);
      parameters.writeUInt16LE(timing.supervisionTimeout, 19);
      command(hci.LE_CREATE_CONNECTION, parameters);
    },
    onAtt(listener) {
      attListener = listener;
    },
    async event(code, passes = () => true) {
      for (;;) {
        const found = packets.find(
          (each) => each[0] === hci.EVENT_PACKET && each[1] === code && passes(each.subarray(3)),
        );
        if (found !== undefined) return found.subarray(3);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
