// The link layer of one connection: events on the connection interval, packet pairs, acknowledgement, supervision timeout.
import { createReassembly, readPdu } from './l2cap.ts';
import type { Medium, Station } from './medium.ts';

/** What a connection does to the controller at one of its ends. */
export interface ConnectionPort {
  readonly station: Station;
  /** ACL data from the other end, exactly as it was queued there. */
  received(isStart: boolean, data: Buffer): void;
  /** One of the ACL packets queued here has been acknowledged. */
  completed(): void;
  /** The connection is gone; `reason` is an HCI error code. */
  closed(reason: number): void;
}

/** Interval in units of 1.25 ms, supervision timeout in units of 10 ms, as HCI has them. */
export interface ConnectionTiming {
  interval: number;
  supervisionTimeout: number;
}

/** What the radio has done for one connection. Times are simulated microseconds. */
export interface ConnectionStatistics {
  central: string;
  peripheral: string;
  events: number;
  packets: number;
  lostPackets: number;
  /** Bytes of ACL data acknowledged, both directions. */
  bytes: number;
  /** Time that connection events have taken, idle time not counted. */
  activeUs: number;
}

export type Side = 'central' | 'peripheral';

interface RadioPacket {
  length: number;
  acl: { isStart: boolean; data: Buffer } | null;
  /** The event it may be sent in at the earliest. */
  fromEvent: number;
  wasHeard: boolean;
}

interface End {
  port: ConnectionPort;
  side: Side;
  queue: RadioPacket[];
  reassemble: (isStart: boolean, data: Buffer) => Buffer | null;
  wasSending: boolean;
}

/** Link-layer payload before the data length update (Core specification, volume 6, part B, section 4.5.10). */
const DEFAULT_PAYLOAD_BYTES = 27;
const INTER_FRAME_SPACE_US = 150;
const CONNECTION_TIMEOUT = 0x08;

export class Connection {
  readonly statistics: ConnectionStatistics;
  timing: ConnectionTiming;
  payloadBytes = DEFAULT_PAYLOAD_BYTES;
  private readonly medium: Medium;
  private readonly central: End;
  private readonly peripheral: End;
  private isOpen = true;
  private isScheduled = false;
  private isInEvent = false;
  private silentUs = 0;
  private anchorUs: number;

  constructor(medium: Medium, central: ConnectionPort, peripheral: ConnectionPort, timing: ConnectionTiming) {
    this.medium = medium;
    this.central = openEnd(central, 'central');
    this.peripheral = openEnd(peripheral, 'peripheral');
    this.timing = timing;
    this.anchorUs = medium.now();
    this.statistics = {
      central: central.station.address,
      peripheral: peripheral.station.address,
      events: 0,
      packets: 0,
      lostPackets: 0,
      bytes: 0,
      activeUs: 0,
    };
    medium.connections.add(this);
  }

  involves(station: Station): boolean {
    return this.central.port.station === station || this.peripheral.port.station === station;
  }

  /** Takes one ACL packet of the host at `side` and cuts it into radio packets. */
  send(side: Side, isStart: boolean, data: Buffer): void {
    const end = side === 'central' ? this.central : this.peripheral;
    // An end that was silent when this event began answers in the next; one that was sending may go on within it.
    const fromEvent = this.isInEvent && !end.wasSending ? this.statistics.events + 1 : 0;
    for (let at = 0; at === 0 || at < data.length; at += this.payloadBytes) {
      const length = Math.min(this.payloadBytes, data.length - at);
      const isLast = at + length >= data.length;
      end.queue.push({ length, acl: isLast ? { isStart, data } : null, fromEvent, wasHeard: false });
    }
    this.wake();
  }

  wake(): void {
    if (!this.isOpen || this.isScheduled || this.isIdle()) return;
    const periodUs = this.timing.interval * 1250;
    const lateUs = this.medium.now() - this.anchorUs;
    if (lateUs > 0) this.anchorUs += Math.ceil(lateUs / periodUs) * periodUs;
    this.scheduleEvent();
  }

  /** Ends the connection; each end hears its own reason. */
  close(centralReason: number, peripheralReason: number): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.medium.connections.delete(this);
    this.central.port.closed(centralReason);
    this.peripheral.port.closed(peripheralReason);
  }

  private isIdle(): boolean {
    return (
      this.central.queue.length === 0 &&
      this.peripheral.queue.length === 0 &&
      this.silentUs === 0 &&
      this.medium.isInRange(this.central.port.station, this.peripheral.port.station)
    );
  }

  private scheduleEvent(): void {
    this.isScheduled = true;
    this.medium.schedule(this.anchorUs, async () => {
      if (!this.isOpen) return;
      await this.runEvent();
      this.isScheduled = false;
      this.anchorUs += this.timing.interval * 1250;
      // Continue on the next anchor, even a late one, so that the mean rate is right in spite of the timers' grain of 1 ms.
      if (this.isOpen && !this.isIdle()) this.scheduleEvent();
    });
  }

  private async runEvent(): Promise<void> {
    const periodUs = this.timing.interval * 1250;
    // Without a radio model everything arrives; but a connection out of range must still time out.
    const isModelled =
      this.medium.timing !== 'instant' ||
      !this.medium.isInRange(this.central.port.station, this.peripheral.port.station);
    this.statistics.events += 1;
    this.statistics.activeUs += periodUs;
    this.isInEvent = isModelled;
    this.central.wasSending = this.central.queue.length > 0;
    this.peripheral.wasSending = this.peripheral.queue.length > 0;
    const wasHeard = isModelled ? await this.exchangePairs(periodUs) : await this.exchangeAll();
    this.isInEvent = false;
    if (wasHeard) {
      this.silentUs = 0;
      return;
    }
    this.silentUs += periodUs;
    if (this.silentUs >= this.timing.supervisionTimeout * 10_000)
      this.close(CONNECTION_TIMEOUT, CONNECTION_TIMEOUT);
  }

  private async exchangeAll(): Promise<boolean> {
    while (this.isOpen && (this.central.queue.length > 0 || this.peripheral.queue.length > 0)) {
      if (this.central.queue.length > 0) this.deliver(this.central, this.peripheral);
      if (this.peripheral.queue.length > 0) this.deliver(this.peripheral, this.central);
      await new Promise(setImmediate);
    }
    return true;
  }

  /** One connection event with a radio: alternating packets until both are drained, one is lost, or the time is up. */
  private async exchangePairs(periodUs: number): Promise<boolean> {
    const { central, peripheral, medium, statistics } = this;
    const ready = (end: End) => {
      const first = end.queue[0];
      return first !== undefined && first.fromEvent <= statistics.events ? first : null;
    };
    let usedUs = 0;
    let wasHeard = false;
    for (let pairs = 0; pairs < medium.packetsPerEvent && this.isOpen; pairs++) {
      const question = ready(central);
      const answer = ready(peripheral);
      if (pairs > 0 && question === null && answer === null) break;
      const pairUs =
        this.airUs(question?.length ?? 0) + this.airUs(answer?.length ?? 0) + 2 * INTER_FRAME_SPACE_US;
      if (usedUs + pairUs > periodUs) break;
      usedUs += pairUs;
      const isQuestionLost = medium.isLost(central.port.station, peripheral.port.station);
      const isAnswerLost = isQuestionLost || medium.isLost(peripheral.port.station, central.port.station);
      if (isQuestionLost || isAnswerLost) statistics.lostPackets += 1;
      if (question !== null) this.hear(central, question);
      if (!isQuestionLost) {
        wasHeard = true;
        if (question !== null) this.deliver(central, peripheral);
        if (answer !== null) this.hear(peripheral, answer);
        if (answer !== null && !isAnswerLost) this.deliver(peripheral, central);
      }
      // The hosts may refill the controllers' buffers within the event, as real ones do.
      await new Promise(setImmediate);
      // The peripheral missed the packet: for it the event is over.
      if (isQuestionLost) break;
    }
    return wasHeard;
  }

  /** Preamble, access address, header, payload, CRC (Core specification, volume 6, part B, section 2.1). */
  private airUs(payloadBytes: number): number {
    return this.medium.phyMbit === 2 ? (11 + payloadBytes) * 4 : (10 + payloadBytes) * 8;
  }

  /** Shows the tap what is being sent, once. */
  private hear(from: End, packet: RadioPacket): void {
    if (packet.wasHeard) return;
    packet.wasHeard = true;
    const pdu = packet.acl === null ? null : from.reassemble(packet.acl.isStart, packet.acl.data);
    if (pdu === null) return;
    const to = from === this.central ? this.peripheral : this.central;
    this.medium.tap.emit({
      ...readPdu(pdu),
      direction: from.side === 'central' ? 'toToy' : 'fromToy',
      from: from.port.station.address,
      to: to.port.station.address,
      atUs: this.medium.now(),
    });
  }

  private deliver(from: End, to: End): void {
    const packet = from.queue.shift();
    if (packet === undefined) return;
    this.hear(from, packet);
    this.statistics.packets += 1;
    if (packet.acl === null) return;
    this.statistics.bytes += packet.acl.data.length;
    to.port.received(packet.acl.isStart, packet.acl.data);
    from.port.completed();
  }
}

function openEnd(port: ConnectionPort, side: Side): End {
  return { port, side, queue: [], reassemble: createReassembly(), wasSending: false };
}
