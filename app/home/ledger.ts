// What leaves this device and what comes, counted from the very bytes: who stores, carries or overhears them sees no more than this.
import { signal } from '@preact/signals';
import type { Exchange } from '#bridge/mailbox.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import type { Seen } from '../model.ts';
import type { RadioWatch } from '../radio/counted-radio.ts';
import { hexOf } from './hex.ts';

/** Requests that are listed; the counts go on. */
const LISTED = 200;
/** Bytes that are searched for pieces: more than the longest message fills. */
const SEARCHED_BYTES = 1 << 20;
/** Pieces of one voice that are looked for, spread over it. */
const SOUGHT = 200;
/** Shorter pieces could stand in random bytes by chance. */
const TELLING_BYTES = 12;
const SHOWN_BYTES = 48;

type Counted = Pick<Seen, 'radio' | 'pieces'> & { relay: Omit<Seen['relay'], 'origin' | 'members'> };

export interface Ledger extends RadioWatch {
  /** A request to the relay, answered or not. */
  exchange(exchange: Exchange): void;
  /** A voice of this session: its pieces are looked for from now on. */
  seek(stream: Uint8Array): void;
  /** Everything so far; reads a signal, so that a screen that shows it follows. */
  count(): Counted;
}

export function createLedger(): Ledger {
  const version = signal(0);
  const requests: Seen['relay']['requests'] = [];
  const spools = [createSpool(), createSpool()] as const;
  const [sent, aired] = spools;
  let pieces: Uint8Array[] = [];
  let sentBytes = 0;
  let lastBody = '';
  const radio = { values: 0, bytes: 0, lastValue: '', advertisement: null as string | null };
  let isBumping = false;

  function bump(): void {
    if (isBumping) return;
    isBumping = true;
    // Once for all that happens at a time.
    setTimeout(() => {
      isBumping = false;
      version.value++;
    }, 250);
  }

  return {
    exchange({ method, path, body, status, atMs }) {
      requests.push({ method, path, bytes: body.length, status, atMs });
      if (requests.length > LISTED) requests.shift();
      sentBytes += body.length;
      if (body.length > 0) lastBody = shown(body);
      sent.add(new TextEncoder().encode(path));
      sent.add(body);
      bump();
    },
    value(bytes) {
      radio.values++;
      radio.bytes += bytes.length;
      radio.lastValue = shown(bytes);
      aired.add(bytes);
      bump();
    },
    advertisement(bytes) {
      const text = shown(bytes);
      if (text === radio.advertisement) return;
      radio.advertisement = text;
      bump();
    },
    seek(stream) {
      const all = splitPackets(stream).filter((packet) => packet.length >= TELLING_BYTES);
      const stride = Math.max(1, Math.ceil(all.length / SOUGHT));
      pieces = [...pieces, ...all.filter((_, i) => i % stride === 0)].slice(-SOUGHT);
      bump();
    },
    count() {
      void version.value;
      return {
        relay: { requests: [...requests], sentBytes, lastBody },
        radio: { ...radio },
        pieces: {
          found: countPieces(
            pieces,
            spools.map((spool) => spool.bytes()),
          ),
          sought: pieces.length,
        },
      };
    },
  };
}

/** How many of `pieces` stand in any of `heaps`. */
function countPieces(pieces: readonly Uint8Array[], heaps: readonly Uint8Array[]): number {
  const wanted = new Map<number, Uint8Array[]>();
  for (const piece of pieces) {
    const head = headAt(piece, 0);
    wanted.set(head, [...(wanted.get(head) ?? []), piece]);
  }
  const found = new Set<Uint8Array>();
  for (const heap of heaps) {
    for (let at = 0; at + TELLING_BYTES <= heap.length; at++) {
      for (const piece of wanted.get(headAt(heap, at)) ?? []) {
        if (piece.every((byte, i) => heap[at + i] === byte)) found.add(piece);
      }
    }
  }
  return found.size;
}

function headAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** The last bytes of a stream of them. */
function createSpool(): { add(bytes: Uint8Array): void; bytes(): Uint8Array } {
  const whole = new Uint8Array(2 * SEARCHED_BYTES);
  let length = 0;
  return {
    add(bytes) {
      const tail = bytes.subarray(-SEARCHED_BYTES);
      if (length + tail.length > whole.length) {
        whole.copyWithin(0, length - SEARCHED_BYTES, length);
        length = SEARCHED_BYTES;
      }
      whole.set(tail, length);
      length += tail.length;
    },
    bytes: () => whole.subarray(0, length),
  };
}

function shown(bytes: Uint8Array): string {
  return hexOf(bytes.subarray(0, SHOWN_BYTES));
}
