// A made-up family for screenshots and for tests of the screens: every state can be set, every wish is written down and granted in memory.
import { type Signal, signal } from '@preact/signals';
import type { Actions, Letter, Model, Pairing, Permission, Person, State, Toy } from '#app/model.ts';

/** Sunday 22 November 2026, 18:20 UTC. */
export const NOW_S = 1_795_371_600;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** `State` with signals that can be set. */
export type MadeUpState = {
  -readonly [K in keyof State]: State[K] extends { readonly value: infer V } ? Signal<V> : State[K];
};

export interface MadeUpModel extends Model {
  readonly state: MadeUpState;
  /** Names of the actions that were asked for, in order. */
  readonly asked: string[];
  /** Set it, and the next actions reject with that code. */
  failing: string | null;
}

const id = (seed: number) => (seed * 0x9e3779b1).toString(16).replace('.', '').padEnd(32, '7').slice(0, 32);

export const ANNA: Person = {
  id: id(1),
  name: 'Anna',
  picture: null,
  role: 'adult',
  isMe: true,
  devices: [
    { id: id(11), kind: 'phone', name: 'Anna’s phone', isThis: true, lastHeardAt: NOW_S },
    { id: id(12), kind: 'phone', name: 'Laptop', isThis: false, lastHeardAt: NOW_S - 26 * HOUR_S },
  ],
};
export const PEOPLE: Person[] = [
  ANNA,
  {
    id: id(2),
    name: 'Mikkel',
    picture: null,
    role: 'adult',
    isMe: false,
    devices: [
      { id: id(21), kind: 'phone', name: 'Mikkel’s phone', isThis: false, lastHeardAt: NOW_S - HOUR_S },
    ],
  },
  {
    id: id(3),
    name: 'Grandma Karen',
    picture: null,
    role: 'relative',
    isMe: false,
    devices: [{ id: id(31), kind: 'phone', name: 'Tablet', isThis: false, lastHeardAt: null }],
  },
];

const permission = (seed: number, rhythm: number, needsApproval = false): Permission => ({
  personId: id(seed),
  isAllowed: true,
  needsApproval,
  rhythm,
});

export const BRUNO: Toy = {
  id: id(51),
  name: 'Bruno',
  picture: null,
  consent: { isGiven: true, at: NOW_S - 9 * 24 * HOUR_S, personId: ANNA.id },
  quiet: { from: 19 * 60 + 30, to: 6 * 60 + 30 },
  volume: 60,
  permissions: [permission(1, 0), permission(2, 2), permission(3, 5, true)],
  maySpeak: true,
  link: 'bridge',
  battery: 82,
  firmware: '0.1.0',
  update: { step: 'coming', percent: 40 },
  resets: 0,
  lastSeenAt: NOW_S - 4 * MINUTE_S,
  isAsleepTooLong: false,
  hasNewestPolicy: true,
  mayChange: true,
};
export const HONEY: Toy = {
  ...BRUNO,
  id: id(52),
  name: 'Honey',
  update: { step: 'refused', code: 'no-room' },
  quiet: null,
  link: 'away',
  battery: 14,
  lastSeenAt: NOW_S - 29 * HOUR_S,
  hasNewestPolicy: false,
};

const letter = (seed: number, minutesAgo: number, part: Partial<Letter>): Letter => ({
  id: id(100 + seed),
  toyId: BRUNO.id,
  direction: 'from-toy',
  personId: null,
  isMine: false,
  sentAt: NOW_S - minutesAgo * MINUTE_S,
  durationMs: 7_000,
  isHeard: true,
  isKept: false,
  progress: 'heard',
  progressAt: NOW_S - (minutesAgo - 2) * MINUTE_S,
  awaitsMe: false,
  ...part,
});

export const LETTERS: Letter[] = [
  letter(1, 6, { isHeard: false, durationMs: 4_200 }),
  letter(2, 16, {
    direction: 'to-toy',
    personId: ANNA.id,
    isMine: true,
    durationMs: 12_000,
    progress: 'heard',
  }),
  letter(3, 34, {
    direction: 'to-toy',
    personId: id(3),
    progress: 'approval',
    awaitsMe: true,
    isHeard: false,
    durationMs: 21_000,
  }),
  letter(4, 95, { isKept: true, durationMs: 9_000 }),
  letter(5, 130, { direction: 'to-toy', personId: id(2), durationMs: 31_000, progress: 'toy' }),
  letter(6, 26 * 60, {
    direction: 'to-toy',
    personId: ANNA.id,
    isMine: true,
    durationMs: 5_000,
    progress: 'sent',
  }),
  letter(7, 27 * 60, { durationMs: 58_000 }),
];

export const KIT_WORDS =
  'maple orbit velvet anchor lemon puzzle garden silver trumpet cousin window harvest pepper island ribbon candle forest marble tunnel bridge kitten ocean saddle winter'.split(
    ' ',
  );

const NO_PAIRING: Pairing = { step: 'tag', way: 'here', animals: [], resets: 0, code: null, toyId: null };

/** `voice`: the Ogg Opus file that every message is. */
export function madeUpModel(voice: () => Promise<Uint8Array>): MadeUpModel {
  const asked: string[] = [];
  const state: MadeUpState = {
    stage: signal('home'),
    isOnline: signal(true),
    people: signal(PEOPLE),
    toys: signal([BRUNO]),
    bridges: signal([
      {
        id: id(41),
        kind: 'bridge',
        name: 'Raspberry Pi in the hall',
        isThis: false,
        lastHeardAt: NOW_S - 120,
      },
    ]),
    letters: signal(LETTERS),
    pairing: signal(null),
    joining: signal(null),
    invitation: signal(null),
    kit: signal(null),
    trouble: signal(null),
    isLockOn: signal(true),
    isPushOn: signal(false),
    isStorageKept: signal(false),
    isPastUnsure: signal(false),
    seen: signal({
      relay: {
        origin: 'https://relay.example',
        requests: Array.from({ length: 37 }, (_, i) => ({
          method: i % 4 === 0 ? 'POST' : 'GET',
          path: i % 4 === 0 ? '/v1/messages' : `/v1/mailbox?after=${i}`,
          bytes: i % 4 === 0 ? 20_480 : 0,
          status: i % 4 === 0 ? 201 : 200,
          atMs: (NOW_S - 400 + i * 9) * 1000,
        })),
        sentBytes: 204_800,
        members: [
          { id: id(11), role: 'adult' },
          { id: id(21), role: 'adult' },
          { id: id(31), role: 'relative' },
          { id: id(41), role: 'bridge' },
          { id: id(51), role: 'toy' },
        ],
        lastBody: id(7) + id(8) + id(9) + id(10),
      },
      radio: { values: 412, bytes: 98_304, lastValue: id(13) + id(14), advertisement: '02010603031ffe' },
      push: { endpointHost: null, bodyBytes: 0 },
      pieces: { found: 0, sought: 486 },
    }),
    about: signal({ version: '0.1.0', releaseHash: null, supportEnds: '2031-12-31', hasUpdate: false }),
    abilities: { bluetooth: true, camera: false, microphone: true, push: true, passkey: true },
  };
  const model: MadeUpModel = { state, asked, failing: null, actions: {} as Actions };
  const pair = (part: Partial<Pairing>) => {
    state.pairing.value = { ...(state.pairing.value ?? NO_PAIRING), ...part };
  };
  const granted: Partial<Actions> = {
    beginFamily: async (name) => {
      state.people.value = [{ ...ANNA, name }];
      state.toys.value = [];
      state.letters.value = [];
      state.kit.value = { words: KIT_WORDS, code: 'PAWPOST-KIT:0123', ask: [2, 9, 20] };
      state.stage.value = 'kit';
    },
    checkKit: async (answers) => {
      const isRight = state.kit.value?.ask.every((at, i) => KIT_WORDS[at] === answers[i]) ?? false;
      if (isRight) {
        state.kit.value = null;
        state.stage.value = 'home';
      }
      return isRight;
    },
    lookUpKit: async () => [
      { deviceId: id(11), role: 'adult' },
      { deviceId: id(21), role: 'adult' },
    ],
    startPairing: async () => pair(NO_PAIRING),
    giveTag: async (text) => {
      const isTag = text.startsWith('PAWPOST:');
      if (isTag) pair({ step: 'search' });
      return isTag;
    },
    searchToy: async (way) => pair({ way, step: 'animals', animals: ['owl', 'bee', 'owl', 'cow'] }),
    confirmAnimals: async (areSame) => {
      if (!areSame) return pair({ step: 'failed', code: 'denied' });
      state.toys.value = [...state.toys.value, BRUNO];
      pair({ step: 'done', toyId: BRUNO.id });
    },
    stopPairing: async () => {
      state.pairing.value = null;
    },
    send: async (toyIds, { durationMs }) => {
      const sent = toyIds.map((toyId) =>
        letter(50, 0, {
          toyId,
          durationMs,
          direction: 'to-toy',
          personId: ANNA.id,
          isMine: true,
          progress: 'waiting',
        }),
      );
      state.letters.value = [...sent, ...state.letters.value];
    },
    ogg: voice,
  };
  const answer =
    (name: keyof Actions) =>
    async (...given: never[]) => {
      asked.push(name);
      if (model.failing !== null) throw new Error(model.failing);
      return await (granted[name] as ((...given: never[]) => unknown) | undefined)?.(...given);
    };
  const actions = new Proxy({} as Actions, { get: (_, name) => answer(name as keyof Actions) });
  return Object.assign(model, { actions });
}
