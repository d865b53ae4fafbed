// What thieves would hold by now, counted from the very bytes: one with an antenna beside the toy, one who has copied the whole relay.

import { splitPackets } from '#protocol/audio/stream.ts';
import type { AirPacket } from '#test/air/packet.ts';
import { loot } from '../thief.ts';
import type { ThiefLoot } from './wire.ts';

/** Bytes of radio that are searched: more than the longest message fills. The count goes on. */
const SEARCHED_BYTES = 1 << 20;
/** Pieces of voice that are looked for; spread over the message if it has more. Each costs a pass over all the bytes. */
const SOUGHT = 200;

export interface Thieves {
  /** Something has gone through the air. */
  overhear(packet: Pick<AirPacket, 'kind' | 'bytes'>): void;
  /** A voice that has been carried: what is looked for from now on. */
  seek(stream: Uint8Array): void;
  /** `relay`: every byte that the relay has stored. */
  count(relay: readonly Uint8Array[]): ThiefLoot[];
}

export function createThieves(): Thieves {
  let packets: Uint8Array[] = [];
  let air: Uint8Array[] = [];
  let kept = 0;
  let total = 0;

  return {
    overhear: ({ kind, bytes }) => {
      if (kind === 'control') return;
      air.push(bytes);
      total += bytes.length;
      kept += bytes.length;
      if (kept > 2 * SEARCHED_BYTES) {
        const whole = Buffer.concat(air);
        air = [whole.subarray(whole.length - SEARCHED_BYTES)];
        kept = SEARCHED_BYTES;
      }
    },
    seek: (stream) => {
      const all = splitPackets(stream);
      const stride = Math.max(1, Math.ceil(all.length / SOUGHT));
      packets = all.filter((_, i) => i % stride === 0);
    },
    count: (relay) => {
      const found = (copied: readonly Uint8Array[]) => {
        const { packetsFound, packetsSought } = loot(copied, packets);
        return packets.length === 0 ? null : { found: packetsFound, sought: packetsSought };
      };
      const stored = relay.reduce((sum, bytes) => sum + bytes.length, 0);
      return [
        { place: 'air', bytes: total, pieces: found(air) },
        { place: 'relay', bytes: stored, pieces: found(relay) },
      ];
    },
  };
}
