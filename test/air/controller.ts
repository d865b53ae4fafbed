// One software Bluetooth LE controller: HCI to the host stack above it, radio packets to the others in its air.
import { type Advertiser, createAdvertiser } from './advertiser.ts';
import { answerCapability, DATA_LENGTH, RSSI_DBM } from './capabilities.ts';
import { Connection, type ConnectionPort, type Side } from './connection.ts';
import * as hci from './hci.ts';
import type { HciHost, HciPort } from './hci-port.ts';
import type { Medium, Station } from './medium.ts';

const SCAN_RESPONSE = 4;
const FIRST_HANDLE = 0x40;

interface Link {
  connection: Connection;
  side: Side;
}

interface Initiation {
  peer: string;
  interval: number;
  supervisionTimeout: number;
}

/** The controllers of one air know each other through this. */
export type Neighbours = ReadonlySet<Controller>;

export class Controller implements HciPort, Station {
  readonly address: string;
  readonly isUp = true;
  private readonly medium: Medium;
  private readonly neighbours: Neighbours;
  private readonly hosts = new Set<HciHost>();
  private readonly links = new Map<number, Link>();
  private readonly wireAddress: Buffer;
  private nextHandle = FIRST_HANDLE;
  private scan = { isOn: false, isActive: false, isFiltering: false, seen: new Set<string>() };
  private readonly advertiser: Advertiser;
  private initiation: Initiation | null = null;

  constructor(medium: Medium, neighbours: Neighbours, address: string) {
    this.medium = medium;
    this.neighbours = neighbours;
    this.address = address;
    this.wireAddress = Buffer.from(address.replaceAll(':', ''), 'hex').reverse();
    this.advertiser = createAdvertiser(
      () => this.advertise(),
      (intervalMs) => (medium.advertisingIntervalMs ?? intervalMs) + medium.advertisingDelayMs(),
    );
  }

  attach(host: HciHost): () => void {
    this.hosts.add(host);
    return () => {
      this.hosts.delete(host);
    };
  }

  write(packet: Buffer): void {
    if (packet[0] === hci.ACL_PACKET) {
      const acl = hci.decodeAcl(packet);
      const link = acl === null ? undefined : this.links.get(acl.handle);
      if (acl !== null) link?.connection.send(link.side, acl.isStart, acl.data);
    } else if (packet[0] === hci.COMMAND_PACKET) {
      const command = hci.decodeCommand(packet);
      if (command !== null) this.obey(command.opcode, command.parameters);
    }
  }

  /** Falls silent: the end of the host, or of the air. Peers hear a lost connection. */
  powerOff(): void {
    this.scan.isOn = false;
    this.initiation = null;
    this.advertiser.enable(false);
    for (const { connection } of [...this.links.values()])
      connection.close(hci.CONNECTION_TIMEOUT, hci.CONNECTION_TIMEOUT);
  }

  private obey(opcode: number, parameters: Buffer): void {
    const capability = answerCapability(opcode, parameters, this.wireAddress);
    if (capability !== null) this.complete(opcode, capability);
    else if (this.set(opcode, parameters)) this.complete(opcode, Buffer.from([hci.SUCCESS]));
    else this.perform(opcode, parameters);
  }

  /** Commands that change this controller alone and always succeed. False: it was none of these. */
  private set(opcode: number, parameters: Buffer): boolean {
    const data = () => Buffer.from(parameters.subarray(1, 1 + parameters[0]!));
    switch (opcode) {
      case hci.RESET:
        // The host is told of no disconnection (volume 2, part E, section 7.3.2); the peers find out by their timeout.
        this.forgetLinks();
        this.powerOff();
        return true;
      case hci.LE_SET_SCAN_PARAMETERS:
        this.scan.isActive = parameters[0] === 1;
        return true;
      case hci.LE_SET_SCAN_ENABLE:
        this.scan = {
          ...this.scan,
          isOn: parameters[0] === 1,
          isFiltering: parameters[1] === 1,
          seen: new Set(),
        };
        return true;
      case hci.LE_SET_ADVERTISING_PARAMETERS:
        this.advertiser.setParameters(parameters[4]!, parameters.readUInt16LE(0) * 0.625);
        return true;
      case hci.LE_SET_ADVERTISING_DATA:
        this.advertiser.setData(data());
        return true;
      case hci.LE_SET_SCAN_RESPONSE_DATA:
        this.advertiser.setScanResponse(data());
        return true;
      case hci.LE_SET_ADVERTISING_ENABLE:
        this.advertiser.enable(parameters[0] === 1);
        return true;
      default:
        return false;
    }
  }

  /** Commands about connections: each answers for itself, before the events that follow from it. */
  private perform(opcode: number, parameters: Buffer): void {
    switch (opcode) {
      case hci.LE_CREATE_CONNECTION:
        this.initiate(opcode, parameters);
        break;
      case hci.LE_CREATE_CONNECTION_CANCEL:
        this.cancelInitiation(opcode);
        break;
      case hci.LE_SET_DATA_LENGTH:
        this.setDataLength(opcode, parameters);
        break;
      case hci.LE_CONNECTION_UPDATE:
        this.updateConnection(opcode, parameters);
        break;
      case hci.DISCONNECT:
        this.disconnect(opcode, parameters);
        break;
      default:
        this.complete(opcode, Buffer.from([hci.UNKNOWN_COMMAND]));
    }
  }

  private emit(packet: Buffer): void {
    for (const host of [...this.hosts]) host.packet(packet);
  }

  private complete(opcode: number, result: Buffer): void {
    this.emit(hci.commandComplete(opcode, result));
  }

  private setDataLength(opcode: number, parameters: Buffer): void {
    const handle = parameters.readUInt16LE(0);
    const link = this.links.get(handle);
    const status = link === undefined ? hci.UNKNOWN_CONNECTION : hci.SUCCESS;
    this.complete(opcode, Buffer.concat([Buffer.from([status]), hci.u16Bytes(handle)]));
    if (link === undefined) return;
    const octets = Math.min(DATA_LENGTH, parameters.readUInt16LE(2));
    link.connection.payloadBytes = octets;
    for (const each of this.neighbours)
      each.tellOf(link.connection, (own) => hci.dataLengthChange(own, octets));
  }

  private updateConnection(opcode: number, parameters: Buffer): void {
    const link = this.links.get(parameters.readUInt16LE(0));
    this.emit(hci.commandStatus(opcode, link === undefined ? hci.UNKNOWN_CONNECTION : hci.SUCCESS));
    if (link === undefined) return;
    const timing = { interval: parameters.readUInt16LE(4), supervisionTimeout: parameters.readUInt16LE(8) };
    link.connection.timing = timing;
    for (const each of this.neighbours)
      each.tellOf(link.connection, (own) =>
        hci.connectionUpdateComplete(own, timing.interval, timing.supervisionTimeout),
      );
  }

  private disconnect(opcode: number, parameters: Buffer): void {
    const link = this.links.get(parameters.readUInt16LE(0));
    this.emit(hci.commandStatus(opcode, link === undefined ? hci.UNKNOWN_CONNECTION : hci.SUCCESS));
    if (link === undefined) return;
    const reason = parameters[2]!;
    const local = hci.TERMINATED_BY_LOCAL_HOST;
    setImmediate(() => {
      if (link.side === 'central') link.connection.close(local, reason);
      else link.connection.close(reason, local);
    });
  }

  /** Sends an event about a connection to the host of this controller, if it is one of the two ends. */
  private tellOf(connection: Connection, event: (handle: number) => Buffer): void {
    for (const [handle, link] of this.links) if (link.connection === connection) this.emit(event(handle));
  }

  private forgetLinks(): void {
    const links = [...this.links.values()];
    this.links.clear();
    for (const { connection } of links) connection.close(hci.CONNECTION_TIMEOUT, hci.CONNECTION_TIMEOUT);
  }

  /** One advertising event: whoever scans hears it, and one that has been waiting to connect does. */
  private advertise(): void {
    this.medium.tap.emit({
      kind: 'advertisement',
      direction: 'fromToy',
      from: this.address,
      to: '',
      atUs: this.medium.now(),
      bytes: Uint8Array.from(this.advertiser.data),
    });
    for (const other of this.neighbours) {
      if (other === this || this.medium.isAdvertisementLost(this, other)) continue;
      if (other.initiation?.peer === this.address && this.advertiser.isConnectable) {
        this.accept(other, other.initiation);
        return;
      }
      other.hearAdvertisement(this.wireAddress, this.advertiser.type, this.advertiser.data);
      if (other.scan.isActive)
        other.hearAdvertisement(this.wireAddress, SCAN_RESPONSE, this.advertiser.scanResponse);
    }
  }

  private hearAdvertisement(from: Buffer, type: number, data: Buffer): void {
    if (!this.scan.isOn) return;
    const key = `${type} ${from.toString('hex')}`;
    if (this.scan.isFiltering && this.scan.seen.has(key)) return;
    this.scan.seen.add(key);
    this.emit(hci.advertisingReport(type, from, data, RSSI_DBM));
  }

  private initiate(opcode: number, parameters: Buffer): void {
    const isBusy = this.initiation !== null;
    this.emit(hci.commandStatus(opcode, isBusy ? hci.COMMAND_DISALLOWED : hci.SUCCESS));
    if (isBusy) return;
    const intervalMs = this.medium.intervalMs;
    this.initiation = {
      peer: Buffer.from(parameters.subarray(6, 12))
        .reverse()
        .toString('hex')
        .replace(/..(?!$)/g, '$&:'),
      // Controllers are free within the host's minimum and maximum; the slow end is the careful assumption.
      interval: intervalMs === null ? parameters.readUInt16LE(15) : Math.round(intervalMs / 1.25),
      supervisionTimeout: parameters.readUInt16LE(19),
    };
  }

  private cancelInitiation(opcode: number): void {
    const wasWaiting = this.initiation !== null;
    this.initiation = null;
    this.complete(opcode, Buffer.from([wasWaiting ? hci.SUCCESS : hci.COMMAND_DISALLOWED]));
    if (!wasWaiting) return;
    const peer = Buffer.alloc(6);
    const none = { handle: 0, isPeripheral: false, peer, interval: 0, supervisionTimeout: 0 };
    this.emit(hci.connectionComplete({ status: hci.UNKNOWN_CONNECTION, ...none }));
  }

  private accept(central: Controller, initiation: Initiation): void {
    central.initiation = null;
    this.advertiser.enable(false);
    const ports = [central.openPort(), this.openPort()] as const;
    const connection = new Connection(this.medium, ports[0].port, ports[1].port, initiation);
    this.links.set(ports[1].handle, { connection, side: 'peripheral' });
    central.links.set(ports[0].handle, { connection, side: 'central' });
    const { interval, supervisionTimeout } = initiation;
    const event = { status: hci.SUCCESS, interval, supervisionTimeout };
    this.emit(
      hci.connectionComplete({
        ...event,
        handle: ports[1].handle,
        isPeripheral: true,
        peer: central.wireAddress,
      }),
    );
    central.emit(
      hci.connectionComplete({
        ...event,
        handle: ports[0].handle,
        isPeripheral: false,
        peer: this.wireAddress,
      }),
    );
  }

  private openPort(): { handle: number; port: ConnectionPort } {
    const handle = this.nextHandle;
    this.nextHandle += 1;
    const port: ConnectionPort = {
      station: this,
      received: (isStart, data) => this.emit(hci.aclToHost(handle, isStart, data)),
      completed: () => this.emit(hci.completedPackets(handle, 1)),
      closed: (reason) => {
        if (this.links.delete(handle)) this.emit(hci.disconnectionComplete(handle, reason));
      },
    };
    return { handle, port };
  }
}
