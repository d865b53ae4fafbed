// What thieves would hold by now, counted from the very bytes: one with an antenna beside the toy, one who has copied the whole relay. What is
// looked for is what the toy itself recorded or played: nothing else here hears a voice.
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
  /** The toy begins to record or to play: what was sought before is sought no more. */
  begin(): void;
  /** A packet of voice that the toy has recorded or played. */
  seek(packet: Uint8Array): void;
  /** `relay`: every byte that the relay has stored. */
  count(relay: readonly Uint8Array[]): ThiefLoot[];
}

export function createThieves(): Thieves {
  let packets: Uint8Array[] = [];
  let hasBegun = false;
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
    begin: () => {
      hasBegun = true;
    },
    seek: (packet) => {
      if (hasBegun) packets = [];
      hasBegun = false;
      packets.push(packet);
    },
    count: (relay) => {
      const stride = Math.max(1, Math.ceil(packets.length / SOUGHT));
      const sought = packets.filter((_, i) => i % stride === 0);
      const found = (copied: readonly Uint8Array[]) => {
        const { packetsFound, packetsSought } = loot(copied, sought);
        return sought.length === 0 ? null : { found: packetsFound, sought: packetsSought };
      };
      const stored = relay.reduce((sum, bytes) => sum + bytes.length, 0);
      return [
        { place: 'air', bytes: total, pieces: found(air) },
        { place: 'relay', bytes: stored, pieces: found(relay) },
      ];
    },
  };
}
