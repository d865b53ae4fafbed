// Random bytes that a seed repeats, for everything that takes its randomness from outside.
import { putU32 } from '#protocol/bytes.ts';
import { framedHash } from '#protocol/sodium/hash.ts';

/** Fills its argument; the n-th block is the hash of the seed and n. */
export function seeded(seed: string): (out: Uint8Array) => void {
  const text = new TextEncoder().encode(seed);
  let block = 0;
  return (out) => {
    for (let offset = 0; offset < out.length; offset += 32) {
      const counter = new Uint8Array(4);
      putU32(counter, 0, block++);
      out.set(
        framedHash('test/seeded', text, counter).subarray(0, Math.min(32, out.length - offset)),
        offset,
      );
    }
  };
}

/** `length` bytes of a generator. */
export function draw(random: (out: Uint8Array) => void, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  random(bytes);
  return bytes;
}
