// Packets of any size, cut by chunks anywhere: what is sealed joins to the stream that was heard, and its counts are right at every chunk.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClipKeys } from '#firmware/clip-key.ts';
import { createClips } from '#firmware/clips.ts';
import { createMicrophone } from '#firmware/microphone.ts';
import type { Plush } from '#firmware/native/native.d.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { createMemoryFlash } from '#firmware/simulator/flash-medium.ts';
import { CHUNK_PLAIN_BYTES, SLOT_BYTES, type Slot } from '#firmware/slot.ts';
import { createSlotStore } from '#firmware/slot-store.ts';
import { MAX_VOICE_PACKET_BYTES } from '#protocol/audio/packet.ts';
import { joinPackets } from '#protocol/audio/stream.ts';
import { SLOT_CLIP, SLOT_SCRATCH } from '#protocol/link/primitives.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';

/** A microphone that heard `packets`, its slot after each chunk and at the end. */
function hear(packets: Uint8Array[]) {
  const ring = packets.map((packet) => joinPackets([packet]));
  const plush = {
    record: () => {},
    stop: () => {},
    recordedMs: () => 0,
    read: (out: Uint8Array, offset: number, length: number) => {
      let moved = 0;
      while (ring[0] && moved + ring[0].length <= length) {
        out.set(ring[0], offset + moved);
        moved += ring.shift()!.length;
      }
      return moved;
    },
  } as unknown as Plush;
  const primitives = createPrimitives();
  // The key is forgotten at the end; the test must open with it still.
  const spying = {
    ...primitives,
    clear: (slot: number) => (slot === SLOT_CLIP ? undefined : primitives.clear(slot)),
  };
  const chip = createFlashChip(createMemoryFlash(SLOT_BYTES), 0, () => 0.5);
  const store = createSlotStore(chip.functions, spying);
  const clips = createClips(chip.functions, store, 0, 1, 0);
  clips.load();
  while (clips.tidy());
  const actions: (() => void)[] = [];
  const timers = {
    now: () => 0,
    after: (action: () => void) => actions.push(action) - 1,
    cancel: () => {},
  };
  const grown: { bytes: number; packets: number }[] = [];
  let whole: Slot | null = null;
  const microphone = createMicrophone(plush, spying, timers, clips, store, createClipKeys(spying), {
    grew: ({ bytes, packets: count }) => grown.push({ bytes, packets: count }),
    ended: (slot) => {
      whole = slot;
    },
    full: () => {},
  });
  microphone.open();
  primitives.load(SLOT_SCRATCH, new Uint8Array(32).fill(9));
  const clipKey = new Uint8Array(32);
  primitives.publicKey(SLOT_SCRATCH, clipKey);
  expect(microphone.keep(clipKey)).toBe(true);
  microphone.close();
  actions.at(-1)!();
  const slot = whole as unknown as Slot;
  const opened = Array.from({ length: slot.chunks }, (_, index) => {
    const chunk = clips.read(slot, index).slice();
    expect(primitives.open(SLOT_CLIP, index, new Uint8Array(0), chunk, 0, chunk.length)).toBe(true);
    return chunk.subarray(0, CHUNK_PLAIN_BYTES);
  });
  return { slot, grown, stream: new Uint8Array(Buffer.concat(opened)) };
}

describe('the microphone', () => {
  it('seals exactly the stream that it heard', () => {
    const packet = fc.uint8Array({ minLength: 1, maxLength: MAX_VOICE_PACKET_BYTES });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 60 }), (packets) => {
        const { slot, grown, stream } = hear(packets);
        const said = joinPackets(packets);
        expect(slot.bytes).toBe(said.length);
        expect(slot.packets).toBe(packets.length);
        expect(stream.subarray(0, said.length)).toEqual(said);
        expect(stream.subarray(said.length).every((byte) => byte === 0)).toBe(true);
        // At every chunk: as many whole packets as its bytes hold.
        const ends = packets.map((_, i) => joinPackets(packets.slice(0, i + 1)).length);
        for (const { bytes, packets: count } of grown) {
          expect(bytes).toBe(ends[count - 1] ?? 0);
        }
      }),
      { numRuns: 100 },
    );
  });
});
