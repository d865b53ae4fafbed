// Flash at rest, with the power cut in the middle of every single write and erase: what comes back is what was whole.
import { describe, expect, it } from 'vitest';
import { createClips } from '#firmware/clips.ts';
import { createFlashChip } from '#firmware/simulator/flash.ts';
import { PowerCut } from '#firmware/simulator/life.ts';
import {
  CHUNK_BYTES,
  CHUNK_SEALED_BYTES,
  chunkAddress,
  KIND_MESSAGE,
  KIND_RECORDING,
  SLOT_BYTES,
  SLOT_DIRTY,
  SLOT_DONE,
  SLOT_FREE,
  SLOT_OPEN,
  SLOT_SECTORS,
  SLOT_TOLD,
  SLOT_WHOLE,
} from '#firmware/slot.ts';
import { createSlotStore } from '#firmware/slot-store.ts';
import { createTwin, readTwin, saveTwin } from '#firmware/twin.ts';
import { createPrimitives } from '#protocol/sodium/primitives.ts';
import { isCut } from './cut.ts';
import { seededRandom } from './seeded-random.ts';

const START = 0x1000;
const ID = new Uint8Array(16).fill(7);
const META = new Uint8Array(261).fill(9);
const HASH = new Uint8Array(32).fill(11);
const SEEDS = [1, 2, 3];

function createWorld(lengthBytes: number, seed: number) {
  const bytes = new Uint8Array(lengthBytes).fill(0xff);
  const chip = createFlashChip({ bytes, save: () => {}, close: () => {} }, START, seededRandom(seed));
  return { bytes, chip };
}

function chunkOf(index: number): Uint8Array {
  return new Uint8Array(CHUNK_BYTES).fill(index + 1);
}

describe('a slot', () => {
  for (const kind of [KIND_RECORDING, KIND_MESSAGE]) {
    it(`of kind ${kind} is free, begun, whole, done or dirty, and never more than it is`, () => {
      let cuts = 0;
      for (const seed of SEEDS) {
        for (let operation = 1; ; operation++) {
          const { bytes, chip } = createWorld(SLOT_BYTES, seed * 1000 + operation);
          // What was there before: anything.
          bytes.fill(0x5a);
          let reached = 'nothing';
          const wasCut = isCut(chip, operation, () => {
            const primitives = createPrimitives();
            const store = createSlotStore(chip.functions, primitives);
            const clips = createClips(chip.functions, store, START, 1, 0);
            clips.load();
            while (clips.tidy());
            reached = 'free';
            const slot = clips.begin(kind, ID, META)!;
            reached = 'begun';
            for (let i = 0; i < 3; i++) store.append(slot, chunkOf(i), 992, i + 1);
            store.end(slot, 180, HASH);
            reached = 'whole';
            store.mark(slot, SLOT_DONE);
            reached = 'done';
            store.mark(slot, SLOT_TOLD);
            reached = 'told';
            for (let i = 0; i < SLOT_SECTORS; i++) store.erase(slot, i);
            reached = 'free again';
          });
          const store = createSlotStore(chip.functions, createPrimitives());
          const clips = createClips(chip.functions, store, START, 1, 0);
          clips.load();
          const found = [SLOT_FREE, SLOT_OPEN, SLOT_WHOLE, SLOT_DONE, SLOT_TOLD].find((state) =>
            clips.next(kind, state, 0),
          );
          if (reached === 'whole' && found !== SLOT_DONE) expect(found).toBe(SLOT_WHOLE);
          if (reached === 'done' && found !== SLOT_TOLD) expect(found).toBe(SLOT_DONE);
          if (found !== undefined) {
            const slot = clips.next(kind, found, 0)!;
            expect(slot.id).toEqual(ID);
            expect(store.metaOf(slot)).toEqual(META);
            for (let i = 0; i < slot.chunks; i++) {
              expect(clips.read(slot, i)).toEqual(chunkOf(i).subarray(0, CHUNK_SEALED_BYTES));
            }
            if (found === SLOT_WHOLE) {
              expect([slot.chunks, slot.bytes, slot.packets, slot.durationMs]).toEqual([3, 2976, 3, 180]);
              expect(store.hashOf(slot)).toEqual(HASH);
            }
          }
          // If it says that it is free, it is: a chunk written now is read back as it is.
          const taken = clips.begin(kind, ID, META);
          if (taken) {
            const from = chunkAddress(taken, 0) - START;
            expect(bytes.subarray(from).every((byte) => byte === 0xff)).toBe(true);
          }
          // Whatever it is, it can be erased and used.
          if (taken) clips.discard(taken);
          clips.discardAll();
          while (clips.tidy());
          expect(clips.begin(kind, ID, META)).not.toBeNull();
          if (!wasCut) break;
          cuts++;
        }
      }
      // Two erasures of 32 sectors, and some ten writes between.
      expect(cuts).toBeGreaterThan(SEEDS.length * 75);
    });
  }

  it('whose END was torn gets another', () => {
    const { chip } = createWorld(SLOT_BYTES, 5);
    const store = createSlotStore(chip.functions, createPrimitives());
    const clips = createClips(chip.functions, store, START, 1, 0);
    clips.load();
    while (clips.tidy());
    const slot = clips.begin(KIND_RECORDING, ID, META)!;
    store.append(slot, chunkOf(0), 992, 1);
    for (let i = 0; i < 4; i++) {
      chip.cutAt(1, () => {});
      expect(() => store.end(slot, 60, HASH)).toThrow(PowerCut);
    }
    store.end(slot, 60, HASH);
    expect(store.hashOf(slot)).toEqual(HASH);
    store.inspect(slot);
    expect(slot.state).toBe(SLOT_WHOLE);
    clips.discard(slot);
    expect(slot.state).toBe(SLOT_DIRTY);
  });
});

describe('twins', () => {
  it('hold the old or the new, and never neither', () => {
    for (const seed of SEEDS) {
      for (let operation = 1; ; operation++) {
        const { chip } = createWorld(8192, seed * 1000 + operation);
        const contents = [1, 2, 3, 4].map((value) => new Uint8Array(912).fill(value));
        let saved = 0;
        const wasCut = isCut(chip, operation, () => {
          const twin = createTwin(chip.functions, createPrimitives(), START, 912);
          for (const content of contents) {
            saveTwin(twin, content);
            saved = content[0]!;
          }
        });
        const found = readTwin(createTwin(chip.functions, createPrimitives(), START, 912), 0, 912);
        if (saved > 0) expect([contents[saved - 1], contents[saved]]).toContainEqual(found);
        else expect([null, contents[0]]).toContainEqual(found);
        if (!wasCut) break;
      }
    }
  });
});
