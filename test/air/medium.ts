// The medium that all controllers of one air share: time, range, seeded loss, and who is there.
import { createChance } from './chance.ts';
import { createTap, type Tap } from './packet.ts';

/**
 * `instant`: no radio model, as fast as the hosts. `realtime`: connection events on the wall clock. `virtual`: connection events on a
 * modelled clock that runs as fast as the CPU and stands still while nobody sends. Advertising follows the wall clock in all three.
 */
export type Timing = 'instant' | 'realtime' | 'virtual';

export interface AirOptions {
  timing?: Timing;
  /** LE 1M or LE 2M. */
  phyMbit?: 1 | 2;
  /** Packet error rate, 0-1, of each radio packet. Lost data is sent again, as the link layer does; lost advertisements are gone. */
  loss?: number;
  /** Pairs of packets in one connection event; phones manage 4 to 6. */
  packetsPerEvent?: number;
  /** Connection interval in ms, in place of the one the central asks for. */
  intervalMs?: number;
  /** Advertising interval in ms, in place of the one the advertiser asks for. */
  advertisingIntervalMs?: number;
  seed?: number;
}

/** Anything with an antenna. */
export interface Station {
  readonly address: string;
}

/** Something that must look again when a station comes or goes. */
export interface Connected {
  involves(station: Station): boolean;
  wake(): void;
}

export class Medium {
  readonly timing: Timing;
  readonly phyMbit: 1 | 2;
  readonly packetsPerEvent: number;
  readonly intervalMs: number | null;
  readonly advertisingIntervalMs: number | null;
  readonly tap: Tap = createTap();
  readonly connections = new Set<Connected>();
  private readonly loss: number;
  private readonly chance: () => number;
  /** Apart, because how many advertisements there are depends on the wall clock, and data must be lost alike in every run. */
  private readonly advertisingChance: () => number;
  private readonly absent = new Set<Station>();
  private readonly startedMs = performance.now();
  private virtualUs = 0;
  private due: { atUs: number; run: () => Promise<void> }[] = [];
  private isPumping = false;

  constructor(options: AirOptions) {
    this.timing = options.timing ?? 'instant';
    this.phyMbit = options.phyMbit ?? 1;
    this.packetsPerEvent = options.packetsPerEvent ?? Number.POSITIVE_INFINITY;
    this.intervalMs = options.intervalMs ?? null;
    this.advertisingIntervalMs = options.advertisingIntervalMs ?? null;
    this.loss = options.loss ?? 0;
    const seed = options.seed ?? 1;
    this.chance = createChance(seed);
    this.advertisingChance = createChance(~seed);
  }

  /** Microseconds since this air began: modelled when `virtual`, of the wall clock otherwise. */
  now(): number {
    return this.timing === 'virtual'
      ? this.virtualUs
      : Math.round((performance.now() - this.startedMs) * 1000);
  }

  setInRange(station: Station, isInRange: boolean): void {
    if (isInRange) this.absent.delete(station);
    else this.absent.add(station);
    for (const connection of this.connections) if (connection.involves(station)) connection.wake();
  }

  isInRange(a: Station, b: Station): boolean {
    return !this.absent.has(a) && !this.absent.has(b);
  }

  /** Whether one radio packet of a connection is lost. Draws from the seeded chance, so order matters. */
  isLost(a: Station, b: Station): boolean {
    return !this.isInRange(a, b) || (this.loss > 0 && this.chance() < this.loss);
  }

  isAdvertisementLost(from: Station, to: Station): boolean {
    return !this.isInRange(from, to) || (this.loss > 0 && this.advertisingChance() < this.loss);
  }

  /** A jitter of 0-10 ms, as each advertising event has (Core specification, volume 6, part B, section 4.4.2.2). */
  advertisingDelayMs(): number {
    return this.timing === 'realtime' ? this.advertisingChance() * 10 : 0;
  }

  /** Runs a connection event at a time of this air, never inside the caller's stack. */
  schedule(atUs: number, run: () => Promise<void>): void {
    if (this.timing === 'virtual') {
      this.due.push({ atUs, run });
      void this.pump();
      return;
    }
    const waitMs = this.timing === 'instant' ? 0 : (atUs - this.now()) / 1000;
    if (waitMs <= 0) setImmediate(run);
    else setTimeout(run, waitMs);
  }

  /** Runs due events one after the other, earliest first, and sets the clock to each. */
  private async pump(): Promise<void> {
    if (this.isPumping) return;
    this.isPumping = true;
    while (this.due.length > 0) {
      // Let every host that has something to send say so before time moves on.
      await new Promise(setImmediate);
      this.due.sort((a, b) => a.atUs - b.atUs);
      const next = this.due.shift()!;
      this.virtualUs = Math.max(this.virtualUs, next.atUs);
      await next.run();
    }
    this.isPumping = false;
  }
}
