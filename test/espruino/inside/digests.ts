// The digests of fragments, records and clips, for both worlds: Node computes what Espruino must say.
import type { Primitives } from '#protocol/link/primitives.ts';
import { clipDigest } from './clips.ts';
import { fragmentsDigest, recordsDigest } from './fragments.ts';

/** One line each. */
export function digestsOf(p: Primitives): string[] {
  return [
    fragmentsDigest(p, 20, 4, false),
    fragmentsDigest(p, 60, 8, false),
    fragmentsDigest(p, 244, 16, false),
    fragmentsDigest(p, 60, 8, true),
    fragmentsDigest(p, 244, 30, true),
    recordsDigest(p),
    clipDigest(p, 0),
    clipDigest(p, 9),
    clipDigest(p, 4),
  ];
}
