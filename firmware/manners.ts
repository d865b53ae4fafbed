// What the toy does when it is touched and when something arrives: the one place that knows what comes before what.
import { findSender, policyClipKey, policyVolume, senderRhythm } from '#protocol/policy/policy.ts';
import { stampSender } from '#protocol/policy/stamp.ts';
import type { Clips } from './clips.ts';
import { type Heart, RHYTHM_LOW, RHYTHM_PAIRING, RHYTHM_PLAIN } from './heart.ts';
import type { Microphone } from './microphone.ts';
import type { PawListener } from './paw.ts';
import type { PolicyInForce } from './policy.ts';
import { KIND_MESSAGE, SLOT_DONE, SLOT_WHOLE, type Slot } from './slot.ts';
import type { SlotStore } from './slot-store.ts';
import type { Speaker } from './speaker.ts';
import type { Timers } from './timers.ts';
import {
  SOUND_BATTERY_LOW,
  SOUND_FULL,
  SOUND_NO,
  SOUND_PAIRED,
  SOUND_PAIRING,
  SOUND_SENT,
  type Voice,
} from './voice.ts';

/** How long pairing stays open. */
export const PAIRING_OPEN_MS = 60000;

export interface Manners {
  paw: PawListener;
  isPairingOpen(): boolean;
  /** The heart shows what there is now. `isLow`: what has become of the battery; left out, as before. */
  showHeart(isLow?: boolean): void;
  /** A recording has reached the bridge for good. */
  sent(): void;
  /** Something could not be done. */
  complain(): void;
  /** The microphone closed of its own accord: the time is over. */
  recordingFull(): void;
  /** The speaker has come to the end of a message, or found it unreadable. */
  playingFinished(slot: Slot, isWhole: boolean): void;
  /** The policy has changed: what it no longer allows ends. */
  policyChanged(): void;
  paired(): void;
}

/** `pairingOpened` is told that pairing has opened, `reset` that the child's holder wants a new toy. */
export function createManners(
  timers: Timers,
  policy: PolicyInForce,
  clips: Clips,
  store: SlotStore,
  heart: Heart,
  microphone: Microphone,
  speaker: Speaker,
  voice: Voice,
  pairingOpened: () => void,
  reset: () => void,
): Manners {
  let isPairingOpen = false;
  let pairingTimer = -1;
  /** This touch silenced the speaker: as a tap it means no more than that. */
  let hasHalted = false;
  let isBatteryLow = false;

  function senderOf(slot: Slot): number {
    return findSender(policy.whole()!, stampSender(store.metaOf(slot)));
  }
  function rhythmOf(slot: Slot): number {
    // Asked once: the policy lies in flash.
    if (slot.rhythm < 0) slot.rhythm = senderRhythm(policy.whole()!, senderOf(slot)) || RHYTHM_PLAIN;
    return slot.rhythm;
  }
  function showHeart(isLow?: boolean): void {
    if (isLow !== undefined) isBatteryLow = isLow;
    const waiting = clips.next(KIND_MESSAGE, SLOT_WHOLE, 0);
    if (isPairingOpen) heart.beat(RHYTHM_PAIRING);
    else if (speaker.isPlaying() || policy.isQuietNow()) heart.beat(0);
    else if (waiting) heart.beat(rhythmOf(waiting));
    else heart.beat(isBatteryLow ? RHYTHM_LOW : 0);
  }
  function complain(): void {
    heart.blink();
    voice.sing(SOUND_NO);
  }
  function closePairing(): void {
    if (isPairingOpen) timers.cancel(pairingTimer);
    isPairingOpen = false;
    showHeart();
  }
  function endPairing(): void {
    isPairingOpen = false;
    showHeart();
  }
  function openMicrophone(): boolean {
    const isOpen = policy.mayRecord() && microphone.open();
    if (isOpen) heart.glow(true);
    return isOpen;
  }
  function closeMicrophone(): void {
    microphone.close();
    heart.glow(false);
  }
  function play(slot: Slot | null): void {
    if (!slot || policy.isQuietNow() || microphone.isBusy() || policyVolume(policy.head) === 0) {
      heart.blink();
      if (isBatteryLow) voice.sing(SOUND_BATTERY_LOW);
      return;
    }
    speaker.play(slot, policyVolume(policy.head));
    showHeart();
  }

  return {
    paw: {
      touched: () => {
        hasHalted = speaker.isPlaying();
        speaker.halt();
        openMicrophone();
      },
      held: () => {
        if (!policy.isPaired()) return;
        // Closed still: no consent, or the recording before was only just ending.
        if (!microphone.isOpen() && !openMicrophone()) complain();
        else if (!microphone.keep(policyClipKey(policy.head))) {
          // No room: what waits for a bridge fills the memory.
          heart.glow(false);
          heart.blink();
          voice.sing(SOUND_FULL);
        }
      },
      heldLong: () => {
        if (policy.isPaired()) return;
        if (isPairingOpen) timers.cancel(pairingTimer);
        isPairingOpen = true;
        pairingTimer = timers.after(endPairing, PAIRING_OPEN_MS);
        showHeart();
        voice.sing(SOUND_PAIRING);
        pairingOpened();
      },
      released: () => {
        if (microphone.isOpen()) closeMicrophone();
        showHeart();
      },
      tapped: () => {
        if (hasHalted || !policy.isPaired()) return;
        play(clips.next(KIND_MESSAGE, SLOT_WHOLE, 0));
      },
      tappedTwice: () => {
        if (policy.isPaired()) play(clips.lastHeard());
      },
      heldFromStart: reset,
    },
    isPairingOpen: () => isPairingOpen,
    showHeart: showHeart,
    sent: () => {
      if (!policy.isQuietNow()) heart.blink();
      voice.sing(SOUND_SENT);
    },
    complain: complain,
    recordingFull: () => {
      heart.glow(false);
      heart.blink();
      voice.sing(SOUND_FULL);
    },
    playingFinished: (slot, isWhole) => {
      if (!isWhole) {
        clips.discard(slot);
        complain();
      } else if (slot.state === SLOT_WHOLE) {
        slot.beganAt = timers.now();
        store.mark(slot, SLOT_DONE);
      }
      // While somebody is there to hear it; the heart says so all the time.
      if (isWhole && isBatteryLow) voice.sing(SOUND_BATTERY_LOW);
      showHeart();
    },
    policyChanged: () => {
      if (microphone.isOpen() && !policy.mayRecord()) closeMicrophone();
      let waiting = clips.next(KIND_MESSAGE, SLOT_WHOLE, 0);
      while (waiting) {
        waiting.rhythm = -1;
        // Who was sent away is not heard any more.
        if (senderOf(waiting) < 0) {
          if (speaker.isPlaying()) speaker.halt();
          clips.discard(waiting);
        }
        waiting = clips.next(KIND_MESSAGE, SLOT_WHOLE, waiting.order);
      }
      showHeart();
    },
    paired: () => {
      closePairing();
      heart.blink();
      voice.sing(SOUND_PAIRED);
    },
  };
}
