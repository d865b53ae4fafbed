// What the two sides of an errand say to each other (protocol/README.md section 12): it leaves at once and is never on this disk, and what
// comes is handed to the errand that waits for it.
import { same } from '#protocol/bytes.ts';
import { ERRAND, NO_TOY } from '#protocol/envelope/content.ts';
import {
  decodeErrand,
  ERRAND_BEGIN,
  ERRAND_FAILED,
  type ErrandStep,
  encodeErrand,
} from '#protocol/envelope/errand.ts';
import { type SigningMember, signs } from '#protocol/family/judge.ts';
import { idText, ROLE_ADULT } from '#protocol/family/member.ts';
import { recipientsFor } from '#protocol/family/recipients.ts';
import type { Device } from './device.ts';
import type { Received, Reception } from './inbox.ts';
import { sealNote } from './outbox.ts';
import { PairingFailed } from './pairing.ts';
import type { Store } from './store.ts';

const AGAIN_MS = 1_000;
/** More than an errand has. */
const STEPS_MAX = 8;
/** What no further try can mend. */
const FINAL = /^(prekeys|roster)-|^relay-(recipient|refused)$/;

/** An errand that an adult has just sent. */
export interface BegunErrand {
  errandId: Uint8Array;
  tag: Uint8Array;
  /** The adult's device. */
  sender: SigningMember;
  /** Unix seconds, by the sender's clock. */
  sentAt: number;
}

export interface ErrandTalk {
  /** Resolves when the relay has it. Tries until the errand is over; rejects as `sealNote`. */
  say(step: ErrandStep): Promise<void>;
  /**
   * The next such step; others mean nothing. Rejects with PairingFailed: the other side's code, `code` when the errand is over, or
   * `late.code` when nothing has come for `late.ms`.
   */
  hear<S extends ErrandStep['step']>(
    step: S,
    code: PairingFailed['code'],
    late?: { ms: number; code: PairingFailed['code'] },
  ): Promise<Extract<ErrandStep, { step: S }>>;
  /** Aborts when the other side says that the errand has failed. */
  readonly stopped: AbortSignal;
  end(): void;
}

/** The errands of a device that are under way. In memory alone: who is started anew has none. */
interface Desk {
  talks: Map<string, { partner: SigningMember; take(step: ErrandStep): void }>;
  begin: ((errand: BegunErrand) => void) | null;
}

const desks = new WeakMap<Store, Desk>();

function deskOf(device: Device): Desk {
  const desk = desks.get(device.store) ?? { talks: new Map(), begin: null };
  desks.set(device.store, desk);
  return desk;
}

/** Sets who takes errands on this device; null: nobody. */
export function listenForErrands(device: Device, begin: Desk['begin']): void {
  deskOf(device).begin = begin;
}

/** Hands a step to the errand that it belongs to. Nothing of it is kept. Fault `content-form`. */
export function receiveErrand(device: Device, message: Received): Reception {
  const { errandId, step } = decodeErrand(message.content.extra);
  const { sender } = message;
  const desk = deskOf(device);
  return {
    changes: [],
    isFinal: true,
    async afterwards() {
      const talk = desk.talks.get(idText(errandId));
      if (talk !== undefined) {
        if (same(talk.partner.id, sender.id)) talk.take(step);
      } else if (step.step === ERRAND_BEGIN && sender.role === ROLE_ADULT && signs(sender)) {
        desk.begin?.({ errandId, tag: step.tag, sender, sentAt: message.content.sentAt });
      }
    },
  };
}

/** Opens one side of an errand, until `ended` aborts. */
export function openErrandTalk(
  device: Device,
  partner: SigningMember,
  errandId: Uint8Array,
  ended: AbortSignal,
): ErrandTalk {
  const { talks } = deskOf(device);
  const name = idText(errandId);
  const heard: ErrandStep[] = [];
  const stopping = new AbortController();
  let failure: PairingFailed | null = null;
  let look = () => {};
  talks.set(name, {
    partner,
    take(step) {
      if (step.step === ERRAND_FAILED) {
        failure = failureOf(step.code);
        stopping.abort();
      } else if (heard.length < STEPS_MAX) heard.push(step);
      look();
    },
  });

  async function say(step: ErrandStep): Promise<void> {
    const about = { kind: ERRAND, toyId: NO_TOY } as const;
    const named = { senderId: device.member.id, deviceId: partner.id };
    const to = recipientsFor(device.family.roster, { ...about, ...named });
    const note = { ...about, extra: encodeErrand({ errandId, step }) };
    let sealed: Awaited<ReturnType<typeof sealNote>> | null = null;
    for (;;) {
      try {
        sealed ??= await sealNote(device, note, to);
        return await sealed.send();
      } catch (error) {
        if (ended.aborted || FINAL.test((error as Error).message)) throw error;
        await device.clock.sleep(AGAIN_MS, ended);
      }
    }
  }

  function hear<S extends ErrandStep['step']>(
    step: S,
    code: PairingFailed['code'],
    late?: { ms: number; code: PairingFailed['code'] },
  ): Promise<Extract<ErrandStep, { step: S }>> {
    return new Promise((resolve, reject) => {
      const giveUp = () => settle(() => reject(failureOf(code)));
      const settled = new AbortController();
      function settle(action: () => void): void {
        settled.abort();
        ended.removeEventListener('abort', giveUp);
        look = () => {};
        action();
      }
      look = () => {
        const at = heard.findIndex((one) => one.step === step);
        // What comes after it may have come already.
        const found = heard.splice(0, at + 1).at(-1);
        if (found !== undefined) settle(() => resolve(found as Extract<ErrandStep, { step: S }>));
        else if (failure !== null) settle(() => reject(failure));
      };
      ended.addEventListener('abort', giveUp, { once: true });
      if (ended.aborted) giveUp();
      else look();
      if (late === undefined || settled.signal.aborted) return;
      void device.clock.sleep(late.ms, settled.signal).then(() => {
        if (!settled.signal.aborted) settle(() => reject(failureOf(late.code)));
      });
    });
  }

  return { say, hear, stopped: stopping.signal, end: () => void talks.delete(name) };
}

const ADVICE: Readonly<Record<string, string>> = {
  'not-found': 'No toy in range of the bridge. Bring it nearer and hold its paw.',
  denied: 'The animals differ: somebody else may be near. Try again elsewhere.',
  refused: 'The toy refused its first policy. Is it another family’s? Reset it first.',
  busy: 'The bridge is pairing another toy. Wait a little and try again.',
  late: 'The bridge got this too late. Is its clock right? Try again.',
  'no-bridge': 'The bridge does not answer. Is it switched on?',
  'not-pairing': 'Hold the paw for three seconds until the heart blinks, then try again.',
  'no-hello': 'What the bridge found is not a Pawpost toy, or it is busy. Try again.',
  'not-genuine': 'What the bridge found is not this tag’s toy.',
  silence: 'The tag is another toy’s.',
  'out-of-range': 'The toy is too far from the bridge. Bring it nearer.',
  'no-adapter': 'The bridge has no Bluetooth that works.',
  'no-permission': 'The bridge may not use its Bluetooth.',
  closed: 'The toy went away. Hold the paw and try again.',
};

/** What the other side said, as an error here: a code that is not known here says only that it came apart. */
function failureOf(code: string): PairingFailed {
  const known = ADVICE[code];
  if (known === undefined)
    return new PairingFailed('broken', 'The pairing came apart. Hold the paw and try again.');
  return new PairingFailed(code as PairingFailed['code'], known);
}
