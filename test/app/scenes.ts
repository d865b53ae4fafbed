// Every screen of the app, and what the made-up family must be like to see it.
import type { Joining, Pairing } from '#app/model.ts';
import { BRUNO, HONEY, KIT_WORDS, LETTERS, type MadeUpModel, NOW_S, PEOPLE } from './made-up-model.ts';

export interface Scene {
  name: string;
  hash: string;
  /** From a fresh model to the one that is shown. */
  prepare?: (model: MadeUpModel) => void;
  /** Names of buttons (or parts of them) to press then, by language, in order. */
  press?: { en: string; da: string }[];
}

const stage = (name: MadeUpModel['state']['stage']['value']) => (model: MadeUpModel) => {
  model.state.stage.value = name;
};
const pairing = (part: Partial<Pairing>) => (model: MadeUpModel) => {
  model.state.pairing.value = {
    step: 'tag',
    way: 'here',
    animals: [],
    resets: 0,
    code: null,
    toyId: null,
    ...part,
  };
};
const joining = (part: Partial<Joining>) => (model: MadeUpModel) => {
  model.state.joining.value = {
    side: 'adult',
    step: 'words',
    name: 'Grandma Karen',
    role: 'relative',
    words: ['maple', 'orbit', 'velvet', 'anchor', 'lemon', 'puzzle'],
    code: null,
    ...part,
  };
};
const LINK = `https://app.pawpost.example/#/join/${'pQ7x'.repeat(40)}`;

export const SCENES: Scene[] = [
  { name: 'opening', hash: '#/', prepare: stage('opening') },
  { name: 'welcome', hash: '#/', prepare: stage('welcome') },
  { name: 'join', hash: '#/join', prepare: stage('welcome') },
  { name: 'recover', hash: '#/recover', prepare: stage('welcome') },
  {
    name: 'kit',
    hash: '#/',
    prepare: (model) => {
      model.state.stage.value = 'kit';
      model.state.kit.value = {
        words: KIT_WORDS,
        code: `PAWPOST-KIT:${'A1B2C3D4'.repeat(6)}`,
        ask: [2, 9, 20],
      };
    },
  },
  {
    name: 'kit-check',
    hash: '#/',
    prepare: (model) => {
      model.state.stage.value = 'kit';
      model.state.kit.value = {
        words: KIT_WORDS,
        code: `PAWPOST-KIT:${'A1B2C3D4'.repeat(6)}`,
        ask: [2, 9, 20],
      };
    },
    press: [{ en: 'I have written it down', da: 'Jeg har skrevet dem ned' }],
  },
  {
    name: 'joining-words',
    hash: '#/',
    prepare: (model) => {
      model.state.stage.value = 'joining';
      joining({ side: 'newcomer', name: 'Anna', role: 'adult' })(model);
    },
  },
  {
    name: 'joining-waits',
    hash: '#/',
    prepare: (model) => {
      model.state.stage.value = 'joining';
      joining({ side: 'newcomer', step: 'waiting', name: null, role: null })(model);
    },
  },
  {
    name: 'joining-failed',
    hash: '#/',
    prepare: (model) => {
      model.state.stage.value = 'welcome';
      joining({ side: 'newcomer', step: 'failed', code: 'invitation-expired' })(model);
    },
  },
  { name: 'consent', hash: '#/pair' },
  { name: 'pair-tag', hash: '#/pair', prepare: pairing({}) },
  { name: 'pair-search', hash: '#/pair', prepare: pairing({ step: 'search' }) },
  {
    name: 'pair-no-radio',
    hash: '#/pair',
    prepare: (model) => {
      pairing({ step: 'search' })(model);
      model.state.abilities = { ...model.state.abilities, bluetooth: false };
    },
  },
  { name: 'pair-hold', hash: '#/pair', prepare: pairing({ step: 'hold' }) },
  {
    name: 'pair-animals',
    hash: '#/pair',
    prepare: pairing({ step: 'animals', animals: ['owl', 'elephant', 'frog', 'bee'] }),
  },
  {
    name: 'pair-animals-2',
    hash: '#/pair',
    prepare: pairing({ step: 'animals', animals: ['cat', 'dog', 'cow', 'sheep'], resets: 2 }),
  },
  {
    name: 'pair-animals-3',
    hash: '#/pair',
    prepare: pairing({ step: 'animals', animals: ['duck', 'horse', 'lion', 'mouse'] }),
  },
  {
    name: 'pair-animals-4',
    hash: '#/pair',
    prepare: pairing({ step: 'animals', animals: ['rooster', 'pig', 'wolf', 'cuckoo'] }),
  },
  { name: 'pair-storing', hash: '#/pair', prepare: pairing({ step: 'storing' }) },
  { name: 'pair-failed', hash: '#/pair', prepare: pairing({ step: 'failed', code: 'refused' }) },
  {
    name: 'home-empty',
    hash: '#/',
    prepare: (model) => {
      model.state.letters.value = [];
    },
  },
  { name: 'home', hash: '#/' },
  {
    name: 'home-two-toys',
    hash: '#/',
    prepare: (model) => {
      model.state.toys.value = [BRUNO, HONEY];
      model.state.isOnline.value = false;
      model.state.trouble.value = { code: 'relay-full', at: NOW_S };
      model.state.letters.value = LETTERS.map((letter, i) =>
        i === 1 ? { ...letter, progress: 'toy' } : letter,
      );
    },
  },
  { name: 'playing', hash: '#/', press: [{ en: 'Play the message from', da: 'Afspil beskeden fra' }] },
  { name: 'letter-more', hash: '#/', press: [{ en: 'More', da: 'Mere' }] },
  {
    name: 'letter-erase',
    hash: '#/',
    press: [
      { en: 'More', da: 'Mere' },
      { en: 'Erase', da: 'Slet' },
    ],
  },
  { name: 'recording', hash: '#/', press: [{ en: 'Hold and speak', da: 'Hold og tal' }] },
  {
    name: 'review',
    hash: '#/',
    prepare: (model) => {
      model.state.toys.value = [BRUNO, HONEY];
    },
    press: [
      { en: 'Hold and speak', da: 'Hold og tal' },
      { en: 'Stop and listen', da: 'Stop og lyt' },
    ],
  },
  {
    name: 'no-toy-relative',
    hash: '#/',
    prepare: (model) => {
      model.state.toys.value = [];
      model.state.people.value = PEOPLE.map((person, i) => ({ ...person, isMe: i === 2 }));
    },
  },
  {
    name: 'home-asleep',
    hash: '#/',
    prepare: (model) => {
      model.state.toys.value = [
        { ...BRUNO, isAsleepTooLong: true, link: 'away', permissions: [], maySpeak: false },
      ];
      model.state.isPastUnsure.value = true;
    },
  },
  { name: 'family', hash: '#/family' },
  { name: 'person', hash: `#/family/person/${PEOPLE[2]!.id}` },
  {
    name: 'person-remove',
    hash: `#/family/person/${PEOPLE[2]!.id}`,
    press: [{ en: 'Remove Grandma', da: 'Fjern Grandma' }],
  },
  { name: 'device', hash: `#/family/device/${PEOPLE[0]!.devices[1]!.id}` },
  {
    name: 'device-lost',
    hash: `#/family/device/${PEOPLE[0]!.devices[1]!.id}`,
    press: [{ en: 'Lost or stolen', da: 'Mistet eller stjålet' }],
  },
  {
    name: 'invite',
    hash: '#/family/invite',
    prepare: (model) => {
      model.state.invitation.value = { link: LINK, expiresAt: NOW_S + 172_800 };
    },
  },
  { name: 'invite-words', hash: '#/family/invite', prepare: joining({}) },
  { name: 'home-knock', hash: '#/', prepare: joining({}) },
  { name: 'toy-settings', hash: `#/toy/${BRUNO.id}/settings` },
  { name: 'see', hash: '#/see' },
  { name: 'settings', hash: '#/settings' },
  { name: 'settings-leave', hash: '#/settings', press: [{ en: 'Leave and erase', da: 'Forlad og slet' }] },
  { name: 'locked', hash: '#/', prepare: stage('locked') },
  { name: 'forked', hash: '#/', prepare: stage('forked') },
  { name: 'removed', hash: '#/', prepare: stage('removed') },
  { name: 'unsupported', hash: '#/', prepare: stage('unsupported') },
];
