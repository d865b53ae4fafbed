// Pairing a toy whose paw is held: the tag's secret, four animals that a parent compares, and the first policy (protocol/README.md section 6).
import {
  COMMIT_BYTES,
  CONFIRM_BYTES,
  decodeCommit,
  decodePaired,
  decodePolicyResult,
  decodeReveal,
  decodeRoot,
  decodeStatus,
  encodeCommit,
  encodeConfirm,
  encodePolicyPart,
  encodeReady,
  encodeReveal,
  OP_COMMIT,
  OP_PAIRED,
  OP_POLICY_RESULT,
  OP_REVEAL,
  OP_ROOT,
  OP_STATUS,
  POLICY_RECORD_BYTES,
  READY_BYTES,
  REPEAT_MS,
  REVEAL_BYTES,
  type Status,
} from '#protocol/ble/records.ts';
import { ANIMALS, type Animal } from '#protocol/link/animals.ts';
import {
  ANIMAL_COUNT,
  beginCeremony,
  showAnimals,
  takeCommitment,
  takeReveal,
} from '#protocol/link/ceremony.ts';
import type { Primitives } from '#protocol/link/primitives.ts';
import { toyIdOf } from '#protocol/link/toy-id.ts';
import type { Clock } from './clock.ts';
import type { Device } from './device.ts';
import { grantToBridges, sendPolicy } from './granting.ts';
import { adoptToy, enrolToy, type NewToy } from './guardian.ts';
import { type Radio, RadioError } from './radio.ts';
import { LinkRefused, openPairingLink, type PairingLink, type ToyLink } from './toy-link.ts';
import type { ToyWishes } from './wishes.ts';

const ANSWERS_MS = 10_000;
export const DENIED_ADVICE = 'The animals differ: somebody else may be near. Try again elsewhere.';
/** After this long without a toy that is new, those that would not talk are tried again. */
const ROUND_MS = 3_000;

/** The adult's side of a pairing: the eyes that compare, and the keys that the toy shall know. */
export interface Parent {
  /** Of the family, Ed25519. */
  root: Uint8Array;
  /** Of the adult's device, Ed25519. */
  adult: Uint8Array;
  /**
   * Shows the four animals (numbers) and how often the toy has been reset; resolves true when the parent has heard the toy sing the same.
   */
  confirm(animals: Uint8Array, resets: number): Promise<boolean>;
  /** The toy's first policy, kept on the adult's disk before the toy hears of it. */
  adopt(toy: NewToy): Promise<Uint8Array>;
  /** The toy obeys it. */
  paired(toy: NewToy): Promise<void>;
}

/** What the one with the radio brings. */
export interface PairingRadio {
  radio: Radio;
  /** X25519 secret of the device whose radio it is. */
  linkSecret: Uint8Array;
  clock: Clock;
  random?: (out: Uint8Array) => void;
}

export interface PairingParts {
  radio: Radio;
  /** An adult's device with a link key. */
  adult: Device;
  /** The 32-byte secret on the toy's tag. */
  tag: Uint8Array;
  wishes: ToyWishes;
  /** As `Parent.confirm`. */
  confirm(animals: Animal[], resets: number): Promise<boolean>;
  signal: AbortSignal;
}

/** Why a pairing came to nothing. The last three: through a bridge, which has another errand, got this one too late, or says nothing. */
export type PairingCode = 'not-found' | 'denied' | 'broken' | 'refused' | 'busy' | 'late' | 'no-bridge';

/** The parent said that the animals differ, or the pairing came apart. Nothing was stored on either side. */
export class PairingFailed extends Error {
  readonly code: PairingCode | LinkRefused['code'] | RadioError['code'];
  readonly advice: string;
  constructor(code: PairingFailed['code'], advice: string) {
    super(`pairing: ${code}`);
    this.name = 'PairingFailed';
    this.code = code;
    this.advice = advice;
  }
}

/**
 * Pairs the toy in range that answers to the tag, takes it into the family and tells the bridges; tries until `signal` aborts.
 * Returns the toy's id. @throws PairingFailed, LinkRefused, RadioError.
 */
export function pairToy({ radio, adult, tag, wishes, confirm, signal }: PairingParts): Promise<Uint8Array> {
  const { clock, random } = adult;
  const side = { radio, linkSecret: adult.keys.linkSecret!, clock, random };
  return pairWith(side, tag, parentOf(adult, wishes, confirm), signal);
}

/** An adult's device as the parent of a toy that is being paired. */
export function parentOf(adult: Device, wishes: ToyWishes, confirm: PairingParts['confirm']): Parent {
  return {
    get root() {
      return adult.family.roster.rootKey;
    },
    get adult() {
      return adult.member.signKey!;
    },
    confirm: (animals, resets) =>
      confirm(
        [...animals].map((animal) => ANIMALS[animal]!),
        resets,
      ),
    adopt: (toy) => adoptToy(adult, toy, wishes),
    async paired({ toyId, linkKey }) {
      await enrolToy(adult, linkKey);
      await grantToBridges(adult, toyId);
      await sendPolicy(adult, toyId);
    },
  };
}

/** As `pairToy`, for a parent who may be elsewhere. */
export async function pairWith(
  side: PairingRadio,
  tag: Uint8Array,
  parent: Parent,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { link, primitives, toyKey, transcript } = await openFirst(side, tag, signal);
  try {
    const ask = asker(link);
    const status = await greet(ask, Math.floor(side.clock.nowMs() / 1000));
    const animals = await compare(ask, primitives, transcript);
    if (!(await parent.confirm(animals, status.resets))) {
      throw new PairingFailed('denied', DENIED_ADVICE);
    }
    const toyId = new Uint8Array(16);
    toyIdOf(primitives, toyKey, toyId);
    const confirm = new Uint8Array(CONFIRM_BYTES);
    encodeConfirm(parent, confirm, 0);
    const toy = { toyId, linkKey: toyKey, toyRoot: decodeRoot(await ask([confirm], OP_ROOT)).slice() };
    const policy = await parent.adopt(toy);
    decodePaired(await ask(policyRecords(policy), OP_PAIRED));
    await parent.paired(toy);
    return toyId;
  } finally {
    await link.close();
  }
}

type Ask = (records: Uint8Array[], answer: number) => Promise<Uint8Array>;

/** Sends records again every second until the answer comes. */
function asker(link: ToyLink): Ask {
  let waiting: { op: number; resolve: (record: Uint8Array) => void } | null = null;
  let refused: () => void = () => {};
  link.onRecord((record) => {
    if (waiting !== null && record[0] === waiting.op) waiting.resolve(record.slice());
    else if (record[0] === OP_POLICY_RESULT && decodePolicyResult(record).code !== 0) refused();
  });
  return (records, answer) =>
    new Promise((resolve, reject) => {
      const send = () => {
        for (const record of records) link.send(record);
      };
      const end = (action: () => void) => {
        clearInterval(timer);
        clearTimeout(deadline);
        waiting = null;
        action();
      };
      const fail = (code: PairingFailed['code'], advice: string) =>
        end(() => reject(new PairingFailed(code, advice)));
      const timer = setInterval(send, REPEAT_MS);
      const deadline = setTimeout(
        () => fail('broken', 'The toy stopped answering. Hold the paw and try again.'),
        ANSWERS_MS,
      );
      waiting = { op: answer, resolve: (record) => end(() => resolve(record)) };
      refused = () =>
        fail('refused', 'The toy refused its first policy. Is it another family’s? Reset it first.');
      link.onClose(() => fail('broken', 'The toy went away. Hold the paw and try again.'));
      send();
    });
}

async function greet(ask: Ask, nowS: number): Promise<Status> {
  const ready = new Uint8Array(READY_BYTES);
  encodeReady(nowS, ready, 0);
  return decodeStatus(await ask([ready], OP_STATUS));
}

/** Commit, reveal, and the animals that follow from both nonces. */
async function compare(ask: Ask, primitives: Primitives, transcript: Uint8Array): Promise<Uint8Array> {
  const ceremony = beginCeremony(primitives, transcript, true);
  const commit = new Uint8Array(COMMIT_BYTES);
  encodeCommit(ceremony.commitment, commit, 0);
  const isCommitted = takeCommitment(ceremony, decodeCommit(await ask([commit], OP_COMMIT)));
  const reveal = new Uint8Array(REVEAL_BYTES);
  encodeReveal(ceremony.nonce, reveal, 0);
  if (!isCommitted || !takeReveal(ceremony, decodeReveal(await ask([reveal], OP_REVEAL)))) {
    throw new PairingFailed('broken', 'Somebody tampered with the pairing. Try again elsewhere.');
  }
  const numbers = new Uint8Array(ANIMAL_COUNT);
  showAnimals(ceremony, numbers);
  return numbers;
}

function policyRecords(policy: Uint8Array): Uint8Array[] {
  return [0, 1].map((part) => {
    const record = new Uint8Array(POLICY_RECORD_BYTES);
    encodePolicyPart(part, policy, record, 0);
    return record;
  });
}

/** Tries the toys in range, one after the other, until one with an open paw knows the tag. */
async function openFirst(side: PairingRadio, tag: Uint8Array, signal: AbortSignal): Promise<PairingLink> {
  const { radio, linkSecret, clock, random } = side;
  const tried = new Set<string>();
  let last: Error = new PairingFailed('not-found', 'No toy in range. Bring it nearer and hold its paw.');
  while (!signal.aborted) {
    const address = await nextToy(radio, tried, signal);
    if (address === null) {
      tried.clear();
      continue;
    }
    tried.add(address);
    try {
      const channel = await radio.connect(address, signal);
      const parts = { linkSecret, nowMs: clock.nowMs, ...(random === undefined ? {} : { random }) };
      return await openPairingLink(channel, parts, tag);
    } catch (error) {
      if (!(error instanceof LinkRefused || error instanceof RadioError)) throw error;
      last = error;
    }
  }
  throw last;
}

/** The address of a toy that was not tried yet; null when none shows up for a while. */
async function nextToy(
  radio: Radio,
  tried: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ROUND_MS);
  let found: string | null = null;
  await radio.scan(
    ({ address }) => {
      if (found !== null || tried.has(address)) return;
      found = address;
      stop.abort();
    },
    AbortSignal.any([signal, stop.signal]),
  );
  clearTimeout(timer);
  return found;
}
