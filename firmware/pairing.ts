// Becoming a family's toy: commitments and nonces, the animals, the parent's confirmation, the first policy (protocol/README.md
// section 6). Nothing counts before that policy has been checked: a toy without one is unpaired, whatever its slots hold.
import {
  decodeCommit,
  decodeConfirm,
  decodeReveal,
  encodeCommit,
  encodePaired,
  encodePolicyResult,
  encodeReveal,
  encodeRoot,
  OP_COMMIT,
  OP_CONFIRM,
  OP_PAIRED,
  OP_POLICY,
  OP_POLICY_RESULT,
  OP_REVEAL,
  OP_ROOT,
  POLICY_REFUSED,
} from '#protocol/ble/records.ts';
import {
  ANIMAL_COUNT,
  beginCeremony,
  showAnimals,
  takeCommitment,
  takeReveal,
} from '#protocol/link/ceremony.ts';
import { type Primitives, SLOT_STORAGE, SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { policyCounter, policyGeneration } from '#protocol/policy/policy.ts';
import type { PolicyInForce } from './policy.ts';
import { expectFault } from './silence.ts';

export interface PairingListener {
  /** The four animals (0-15) that the parent compares. */
  animals(animals: Uint8Array): void;
  /** The toy belongs to a family now. */
  paired(): void;
  /** The other side did not keep to the ceremony: end the link. */
  broken(): void;
}

export interface Pairing {
  /** Takes a record of a pairing. Faults: those of its decoder. */
  record(op: number, plain: Uint8Array): void;
  /** Writes the answer that is due; 0 if none is. */
  write(out: Uint8Array, offset: number): number;
}

/** One pairing, over the link whose handshake hash is `transcript`. */
export function createPairing(
  primitives: Primitives,
  policy: PolicyInForce,
  transcript: Uint8Array,
  listener: PairingListener,
): Pairing {
  const ceremony = beginCeremony(primitives, transcript, false);
  const root = new Uint8Array(32);
  const adult = new Uint8Array(32);
  /** The last op of the bridge that was obeyed: each step needs the one before. */
  let step = 0;
  let due = 0;

  function commit(plain: Uint8Array): void {
    if (!takeCommitment(ceremony, decodeCommit(plain))) {
      listener.broken();
      return;
    }
    if (step === 0) step = OP_COMMIT;
    due = OP_COMMIT;
  }
  function reveal(plain: Uint8Array): void {
    if (!takeReveal(ceremony, decodeReveal(plain))) {
      listener.broken();
      return;
    }
    if (step === OP_COMMIT) {
      const animals = new Uint8Array(ANIMAL_COUNT);
      showAnimals(ceremony, animals);
      step = OP_REVEAL;
      listener.animals(animals);
    }
    due = OP_REVEAL;
  }
  function confirm(plain: Uint8Array): void {
    const keys = decodeConfirm(plain);
    if (step === OP_REVEAL) {
      root.set(keys.root);
      adult.set(keys.adult);
      // In its own slot from the start, where no other organ writes. What a pairing that broke left there, the next one replaces.
      primitives.generate(SLOT_TOY_ROOT);
      step = OP_CONFIRM;
    }
    if (step === OP_CONFIRM) due = OP_ROOT;
  }
  function takePolicy(plain: Uint8Array): void {
    if (step < OP_CONFIRM) return;
    if (step === OP_PAIRED) {
      due = OP_PAIRED;
      return;
    }
    if (!policy.take(plain)) return;
    // An empty slot is a key that everybody knows.
    if (!primitives.has(SLOT_TOY_ROOT)) {
      listener.broken();
      return;
    }
    try {
      // The policy comes last: without it the toy is unpaired.
      policy.begin(root, adult, () => primitives.generate(SLOT_STORAGE));
    } catch (error) {
      expectFault(error);
      due = OP_POLICY_RESULT;
      return;
    }
    step = OP_PAIRED;
    due = OP_PAIRED;
    listener.paired();
  }

  return {
    record: (op, plain) => {
      if (op === OP_COMMIT) commit(plain);
      else if (op === OP_REVEAL) reveal(plain);
      else if (op === OP_CONFIRM) confirm(plain);
      else if (op === OP_POLICY) takePolicy(plain);
    },
    write: (out, offset) => {
      const op = due;
      due = 0;
      if (op === OP_COMMIT) return encodeCommit(ceremony.commitment, out, offset);
      if (op === OP_REVEAL) return encodeReveal(ceremony.nonce, out, offset);
      if (op === OP_ROOT) return encodeRoot(out, offset);
      if (op === OP_POLICY_RESULT)
        return encodePolicyResult({ code: POLICY_REFUSED, generation: 0, counter: 0 }, out, offset);
      if (op !== OP_PAIRED) return 0;
      const paired = { generation: policyGeneration(policy.head), counter: policyCounter(policy.head) };
      return encodePaired(paired, out, offset);
    },
  };
}
