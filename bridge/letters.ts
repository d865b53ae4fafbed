// The history that a person's screens show: what the child said and what the family said, how far each message has come, and its voice.
import { putU32, u32 } from '#protocol/bytes.ts';
import { asBytes, asInteger, asTuple, decodeCbor, encodeCbor } from '#protocol/cbor.ts';
import { memberOf } from '#protocol/family/chain.ts';
import { idText, ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import { fault } from '#protocol/fault.ts';
import { findSender, needsApproval } from '#protocol/policy/policy.ts';
import { openAtRest, sealAtRest } from './at-rest.ts';
import type { Device } from './device.ts';
import { policyOf } from './grants.ts';
import type { Change } from './store.ts';
import { forgetUnheard } from './unheard.ts';
import { forgetVoice, type Voice, voiceAt } from './voices.ts';

/**
 * How far a message has come. `waiting`: here only. `approval`: an adult must say yes. `toy`: the toy has it. `refused`: the toy would not
 * take it. What the child said is always `sent`.
 */
export type LetterProgress = 'waiting' | 'sent' | 'approval' | 'rejected' | 'toy' | 'heard' | 'refused';

/** A message without its voice. Times are unix seconds. */
export interface LetterHead {
  messageId: Uint8Array;
  toyId: Uint8Array;
  direction: 'from-toy' | 'to-toy';
  /** The device that sealed it. */
  senderId: Uint8Array;
  sentAt: number;
  durationMs: number;
  /** Heard on this device; null if not yet. */
  heardAt: number | null;
  isKept: boolean;
  progress: LetterProgress;
  progressAt: number | null;
  /** This device may approve or reject it now. */
  awaitsApproval: boolean;
}

/** What can happen to a message, from the least to the last: the furthest of them counts, in whatever order they were learnt. */
const STEPS = ['sent', 'approval', 'approved', 'refused', 'rejected', 'toy', 'heard'] as const;
export type LetterStep = (typeof STEPS)[number];

/** Each is an item of its own, so that what is learnt at once from the relay, the toy and the person never overwrites another. */
type Mark = LetterStep | 'listened' | 'kept';

const OLD_S = 90 * 86_400;
const DAY_S = 86_400;
const FORGOTTEN_MARK = 'letters-forgotten';

/** What never changes of a message. */
type Letter = Pick<LetterHead, 'messageId' | 'toyId' | 'direction' | 'senderId' | 'sentAt' | 'durationMs'> & {
  /** When it came to this device, unix seconds. */
  cameAt: number;
};

/** The change that begins a message's history. */
export function beginLetter(device: Device, voice: Voice, direction: Letter['direction']): Change {
  const { messageId, toyId, senderId, sentAt, durationMs } = voice;
  const number = direction === 'from-toy' ? 1 : 2;
  const plain = encodeCbor([1, messageId, toyId, number, senderId, sentAt, durationMs, device.nowS()]);
  return { collection: 'letters', key: idText(messageId), value: sealAtRest(device.keys, plain) };
}

/** The change that notes how far a message has come at `at` (unix s); it may be known before the message itself. */
export function markLetter(device: Device, messageId: Uint8Array, step: LetterStep, at: number): Change {
  return mark(device, messageId, step, at);
}

/** What is known of a message, or null. */
export async function letterOf(device: Device, messageId: Uint8Array): Promise<Letter | null> {
  const value = await device.store.get('letters', idText(messageId));
  return value === undefined ? null : decodeLetter(openAtRest(device.keys, value));
}

/** True if a message has come that far: the same item is there. */
export async function hasStep(device: Device, messageId: Uint8Array, step: LetterStep): Promise<boolean> {
  return (await stepAt(device, messageId, step)) !== null;
}

/** When a message came that far, unix seconds (0: nobody knows); null if it did not. */
export async function stepAt(
  device: Device,
  messageId: Uint8Array,
  step: LetterStep,
): Promise<number | null> {
  const value = await device.store.get('letters', `${idText(messageId)}/${step}`);
  return value === undefined ? null : u32(openAtRest(device.keys, value), 0);
}

/** Fault `envelope-replay` for a message under the id of another one: it must not take its place in the history. */
export async function requireOwnPlace(device: Device, voice: Voice, direction: Letter['direction']) {
  const known = await letterOf(device, voice.messageId);
  if (known === null) return;
  const isSame = known.direction === direction && idText(known.toyId) === idText(voice.toyId);
  // Two bridges may both hold one recording of the toy.
  if (!isSame || (direction === 'to-toy' && idText(known.senderId) !== idText(voice.senderId)))
    throw fault('envelope-replay');
}

/** All messages of this device's history, newest first. */
export async function listLetters(device: Device): Promise<LetterHead[]> {
  const letters = new Map<string, Letter>();
  const marks = new Map<string, Map<Mark, number>>();
  for (const { key, value } of await device.store.list('letters', '')) {
    const [id, name] = key.split('/') as [string, Mark | undefined];
    const plain = openAtRest(device.keys, value);
    if (name === undefined) letters.set(id, decodeLetter(plain));
    else marks.set(id, (marks.get(id) ?? new Map()).set(name, u32(plain, 0)));
  }
  const awaits = approvalAsker(device);
  const heads: LetterHead[] = [];
  for (const [id, letter] of letters) {
    const known = marks.get(id) ?? new Map<Mark, number>();
    heads.push(headOf(device, letter, known, await awaits(letter)));
  }
  return heads.sort((a, b) => b.sentAt - a.sentAt || (idText(a.messageId) < idText(b.messageId) ? -1 : 1));
}

/** The packet stream of a message; null if it is not here. */
export async function letterStream(device: Device, messageId: Uint8Array): Promise<Uint8Array | null> {
  return (await letterVoice(device, messageId))?.stream ?? null;
}

/** The voice of a message of the history; null if it is not here. */
export async function letterVoice(device: Device, messageId: Uint8Array): Promise<Voice | null> {
  const letter = await letterOf(device, messageId);
  if (letter === null) return null;
  for (const box of boxesOf(device, letter)) {
    const voice = await voiceAt(device.store, device.keys, box, letter);
    if (voice !== null) return voice;
  }
  return null;
}

/** A person has heard it on this device. */
export async function markHeard(device: Device, messageId: Uint8Array): Promise<void> {
  if ((await device.store.get('letters', `${idText(messageId)}/listened`)) !== undefined) return;
  await device.store.write([mark(device, messageId, 'listened', device.nowS())]);
}

/** What is kept is not forgotten with the old ones. */
export async function keepLetter(device: Device, messageId: Uint8Array, isKept: boolean): Promise<void> {
  const kept = mark(device, messageId, 'kept', device.nowS());
  await device.store.write([isKept ? kept : { ...kept, value: null }]);
}

/**
 * Forgets a message here, its voice too. One of this device's own that has not left yet is not sent any more; what others said is still
 * brought to the toy.
 */
export async function eraseLetter(device: Device, messageId: Uint8Array): Promise<void> {
  const letter = await letterOf(device, messageId);
  if (letter === null) return;
  const changes = await eraseChanges(device, letter);
  if (isMine(device, letter) && !(await hasStep(device, messageId, 'sent')))
    changes.push(forgetVoice('waiting', letter), {
      collection: 'outbox',
      key: idText(messageId),
      value: null,
    });
  await device.store.write(changes);
}

/** Forgets what came 90 days ago or earlier and was not kept. Looks once a day. Rejects with a StoreError. */
export async function forgetOldLetters(device: Device): Promise<void> {
  const { store, keys } = device;
  const nowS = device.nowS();
  const last = await store.get('marks', FORGOTTEN_MARK);
  if (last !== undefined && Math.abs(nowS - u32(last, 0)) < DAY_S) return;
  const items = await store.list('letters', '');
  const names = new Set(items.map(({ key }) => key));
  for (const { key, value } of items) {
    const [id, name] = key.split('/') as [string, Mark | undefined];
    const plain = openAtRest(keys, value);
    if (name !== undefined) {
      // News of a message that never came.
      if (!names.has(id) && nowS - u32(plain, 0) > OLD_S)
        await store.write([{ collection: 'letters', key, value: null }]);
      continue;
    }
    const letter = decodeLetter(plain);
    if (names.has(`${id}/kept`) || nowS - letter.cameAt <= OLD_S) continue;
    const changes = await eraseChanges(device, letter);
    if (keys.role !== ROLE_BRIDGE) changes.push(forgetVoice('waiting', letter));
    await store.write(changes);
  }
  await store.write([{ collection: 'marks', key: FORGOTTEN_MARK, value: timeBytes(nowS) }]);
}

/** The changes after which nothing is left of a message but that it came once. */
async function eraseChanges(device: Device, letter: Letter): Promise<Change[]> {
  const id = idText(letter.messageId);
  const items = await device.store.list('letters', id);
  const erased = items.map(({ key }): Change => ({ collection: 'letters', key, value: null }));
  const boxes = (['inbox', 'family', 'sent', 'drafts'] as const).map((box) => forgetVoice(box, letter));
  return [
    ...erased,
    ...boxes,
    forgetUnheard(letter.messageId),
    { collection: 'approvals', key: id, value: null },
  ];
}

/** Says of a message whether, by the toy's newest policy that is known here, an adult must countersign it. */
function approvalAsker(device: Device): (letter: Letter) => Promise<boolean> {
  const policies = new Map<string, Promise<Uint8Array | null>>();
  return async ({ toyId, senderId }) => {
    const toy = idText(toyId);
    const asked = policies.get(toy) ?? policyOf(device, toyId);
    policies.set(toy, asked);
    const policy = await asked;
    const signKey = memberOf(device.family.roster, senderId)?.signKey ?? null;
    if (policy === null || signKey === null) return false;
    const sender = findSender(policy, signKey);
    return sender >= 0 && needsApproval(policy, sender);
  };
}

function headOf(
  device: Device,
  letter: Letter,
  marks: ReadonlyMap<Mark, number>,
  isAsked: boolean,
): LetterHead {
  const { cameAt: _, ...fixed } = letter;
  const step = STEPS.findLast((name) => marks.has(name));
  const isFromToy = letter.direction === 'from-toy';
  let progress: LetterProgress = step === undefined ? 'waiting' : step === 'approved' ? 'sent' : step;
  if (step === 'sent' && isAsked) progress = 'approval';
  if (isFromToy) progress = 'sent';
  return {
    ...fixed,
    heardAt: marks.get('listened') ?? null,
    isKept: marks.has('kept'),
    progress,
    // 0 in a receipt is a time that nobody knows.
    progressAt: step === undefined || isFromToy ? null : marks.get(step)! || null,
    awaitsApproval: progress === 'approval' && device.keys.role === ROLE_ADULT,
  };
}

function boxesOf(device: Device, letter: Letter) {
  if (letter.direction === 'from-toy') return ['inbox'] as const;
  return isMine(device, letter) ? (['sent', 'drafts'] as const) : (['family'] as const);
}

function isMine(device: Device, letter: Letter): boolean {
  return letter.direction === 'to-toy' && idText(letter.senderId) === idText(device.member.id);
}

function mark(device: Device, messageId: Uint8Array, name: Mark, at: number): Change {
  return {
    collection: 'letters',
    key: `${idText(messageId)}/${name}`,
    value: sealAtRest(device.keys, timeBytes(at)),
  };
}

function timeBytes(at: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putU32(bytes, 0, at);
  return bytes;
}

function decodeLetter(plain: Uint8Array): Letter {
  const code = 'clip-opened';
  const fields = asTuple(decodeCbor(plain, code), 8, code);
  return {
    messageId: asBytes(fields[1], 16, code),
    toyId: asBytes(fields[2], 16, code),
    direction: asInteger(fields[3], 1, 2, code) === 1 ? 'from-toy' : 'to-toy',
    senderId: asBytes(fields[4], 16, code),
    sentAt: asInteger(fields[5], 0, 0xffffffff, code),
    durationMs: asInteger(fields[6], 0, 0xffffffff, code),
    cameAt: asInteger(fields[7], 0, 0xffffffff, code),
  };
}
