// What is said over an open link: the control records of every day, and which organ each record belongs to (protocol/README.md
// section 6). There is no record that opens the microphone.
import {
  decodeAsk,
  decodeReady,
  encodeHeard,
  encodePolicyResult,
  encodeStatus,
  OP_ACK,
  OP_ASK,
  OP_DATA,
  OP_END,
  OP_OFFER,
  OP_PIECE,
  OP_POLICY,
  OP_PROGRAM,
  OP_PULL,
  OP_READY,
  POLICY_OBEYED,
  POLICY_OLDER,
  POLICY_REFUSED,
  recordOp,
  type Status,
} from '#protocol/ble/records.ts';
import { RECEIVER_MOVING, takeData, takeEnd, takeOffer, writeFromReceiver } from '#protocol/clip/receiver.ts';
import { AGE_UNKNOWN } from '#protocol/clip/records.ts';
import { senderHasRecord, takeAck, takePull, writeFromSender } from '#protocol/clip/sender.ts';
import { policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import type { Clips } from './clips.ts';
import type { Deliveries } from './deliveries.ts';
import type { Programs } from './native/native.d.ts';
import type { Pairing } from './pairing.ts';
import type { PolicyInForce } from './policy.ts';
import { expectFault } from './silence.ts';
import { KIND_MESSAGE, SLOT_DONE, SLOT_TOLD, type Slot } from './slot.ts';
import type { SlotStore } from './slot-store.ts';
import type { Timers } from './timers.ts';
import type { Uploads } from './uploads.ts';

export interface Dialogue {
  /** A link has opened; `pairing` if it is one. */
  open(pairing: Pairing | null): void;
  /** Takes a plaintext. Faults: those of the decoders. */
  record(plain: Uint8Array): void;
  /** Writes the next plaintext; 0 when there is none. */
  write(out: Uint8Array, offset: number): number;
  /** False only if `write` would return 0. */
  hasMore(): boolean;
  close(): void;
}

/** In the place of a code of POLICY_RESULT. */
const HEARD_DUE = 3;
const PROGRAM_STATE_DUE = 4;

/** `obeyed`: a newer policy is in force. */
export function createDialogue(
  timers: Timers,
  policy: PolicyInForce,
  uploads: Uploads,
  deliveries: Deliveries,
  clips: Clips,
  store: SlotStore,
  programs: Programs,
  statusOf: () => Status,
  obeyed: () => void,
): Dialogue {
  let pairing: Pairing | null = null;
  let isReady = false;
  let isStatusDue = false;
  /** POLICY_RESULT code that is due, HEARD_DUE or PROGRAM_STATE_DUE; -1 for none. */
  let result = -1;
  /** The message that HEARD is about. */
  let heard: Slot;
  let nowMs = 0;

  function takePolicy(plain: Uint8Array): void {
    if (!policy.take(plain)) return;
    result = POLICY_OBEYED;
    try {
      policy.succeed();
    } catch (error) {
      expectFault(error);
      result = (error as Error).message === 'policy-older' ? POLICY_OLDER : POLICY_REFUSED;
      return;
    }
    obeyed();
  }
  function takeAsk(plain: Uint8Array): void {
    const ask = decodeAsk(plain);
    const slot = clips.find(ask.id);
    if (!slot || slot.kind !== KIND_MESSAGE || slot.state < SLOT_DONE) return;
    if (ask.isKnown) {
      if (slot.state === SLOT_DONE) store.mark(slot, SLOT_TOLD);
    } else if (result < 0) {
      // Where another answer is due the question comes again.
      heard = slot;
      result = HEARD_DUE;
    }
  }
  function dispatch(op: number, plain: Uint8Array): void {
    // Voice first: it is what there is most of.
    if (op === OP_DATA) takeData(deliveries.receiver, plain, nowMs);
    else if (op === OP_PULL) takePull(uploads.sender, plain, nowMs);
    else if (op === OP_ACK) takeAck(uploads.sender, plain);
    else if (op === OP_OFFER) takeOffer(deliveries.receiver, plain);
    else if (op === OP_END) takeEnd(deliveries.receiver, plain, nowMs);
    else if (op === OP_POLICY) takePolicy(plain);
    else if (op === OP_ASK) takeAsk(plain);
    else if (op === OP_PROGRAM || op === OP_PIECE) {
      // Where another answer is due the record comes again.
      if (result < 0 && programs.take(plain)) result = PROGRAM_STATE_DUE;
    }
  }

  /** What is not voice. */
  function writeSeldom(out: Uint8Array, offset: number): number {
    if (isStatusDue) {
      isStatusDue = false;
      return encodeStatus(statusOf(), out, offset);
    }
    if (pairing) return pairing.write(out, offset);
    const code = result;
    result = -1;
    if (code === PROGRAM_STATE_DUE) return programs.state(out, offset);
    if (code === HEARD_DUE) {
      const ageS = heard.beganAt < 0 ? AGE_UNKNOWN : Math.floor(timers.now() - heard.beganAt);
      return encodeHeard(heard.id, ageS, out, offset);
    }
    const generation = policyGeneration(policy.head);
    const counter = policyCounter(policy.head);
    return encodePolicyResult({ code: code, generation: generation, counter: counter }, out, offset);
  }

  return {
    open: (newPairing) => {
      pairing = newPairing;
      isReady = false;
      isStatusDue = false;
      result = -1;
      if (!pairing) uploads.resume();
    },
    record: (plain) => {
      const op = recordOp(plain);
      nowMs = timers.now() * 1000;
      if (op === OP_READY) {
        const unixS = decodeReady(plain);
        if (!pairing) {
          policy.setTime(unixS);
          programs.confirm();
        }
        isReady = true;
        isStatusDue = true;
      } else if (!isReady) return;
      else if (pairing) pairing.record(op, plain);
      else dispatch(op, plain);
    },
    write: (out, offset) => {
      if (!isReady) return 0;
      if (isStatusDue || pairing || result >= 0) return writeSeldom(out, offset);
      nowMs = timers.now() * 1000;
      const receiver = deliveries.receiver;
      // At rest it is not even asked: the question costs more than all the rest of an idle turn.
      if (receiver.state === RECEIVER_MOVING || receiver.isAckDue) {
        const length = writeFromReceiver(receiver, nowMs, out, offset);
        if (length > 0) return length;
      }
      if (!uploads.sender.clip) uploads.next();
      return writeFromSender(uploads.sender, nowMs, out, offset);
    },
    // While a recording leaves and nothing else is going on, the question is worth its price: an answer of "nothing" costs more.
    hasMore: () => {
      const receiver = deliveries.receiver;
      if (isStatusDue || pairing || result >= 0 || receiver.isAckDue || !uploads.sender.clip) return true;
      return receiver.state === RECEIVER_MOVING || senderHasRecord(uploads.sender, nowMs);
    },
    close: () => {
      pairing = null;
      policy.drop();
      isReady = false;
      deliveries.pause();
    },
  };
}
