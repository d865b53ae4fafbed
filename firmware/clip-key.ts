// The keys that clips are sealed with at rest (protocol/README.md section 8). They are made in native slots and never leave them.
import { ascii, view } from '#protocol/bytes.ts';
import {
  type Primitives,
  SLOT_CLIP,
  SLOT_EPHEMERAL,
  SLOT_SCRATCH,
  SLOT_SHARED,
  SLOT_STORAGE,
} from '#protocol/link/primitives.ts';

export const CONTEXT_CLIP = 'pawpost1/clip';

export interface ClipKeys {
  /**
   * A fresh key for one recording into SLOT_CLIP, and its ephemeral X25519 key (32 bytes) into `ephemeral`. Only the owner of
   * the clip secret can make it again. False if the clip key is of small order: then there is no recording.
   */
  forRecording(id: Uint8Array, clipKey: Uint8Array, ephemeral: Uint8Array): boolean;
  /** The key of a waiting message into SLOT_SCRATCH, to be used at once: the slot is everybody's. */
  forMessage(id: Uint8Array): void;
}

export function createClipKeys(primitives: Primitives): ClipKeys {
  const context = ascii(CONTEXT_CLIP);
  // Clip id [16], ephemeral key [32], clip key [32]; zeros after the id for a message, and therefore between recordings.
  const bound = new Uint8Array(80);

  return {
    forRecording: (id, clipKey, ephemeral) => {
      primitives.generate(SLOT_EPHEMERAL);
      primitives.publicKey(SLOT_EPHEMERAL, ephemeral);
      bound.set(id);
      bound.set(view(ephemeral, 0, 32), 16);
      bound.set(clipKey, 48);
      const isGood = primitives.dh(SLOT_EPHEMERAL, clipKey, SLOT_SHARED);
      if (isGood) primitives.derive(SLOT_CLIP, SLOT_SHARED, context, bound);
      primitives.clear(SLOT_EPHEMERAL);
      primitives.clear(SLOT_SHARED);
      bound.fill(0);
      return isGood;
    },
    forMessage: (id) => {
      bound.set(id);
      primitives.derive(SLOT_SCRATCH, SLOT_STORAGE, context, bound);
    },
  };
}
