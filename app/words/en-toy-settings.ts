// What the app says of one toy's settings, in English.

export const enToySettings = {
  title: (name: string) => `${name}’s settings`,
  name: 'Name',
  picture: 'Picture',
  onItsWay: 'The newest settings are on their way to the toy.',
  arrived: 'The toy has the newest settings.',
  mayNot: 'Only a parent’s phone can change these.',
  consent: 'The toy may record',
  consentOn: (who: string, when: string) =>
    `${who} said yes on ${when}. Switch off to take it back: the paw then records nothing.`,
  consentOff: 'The paw records nothing. Messages to the toy still arrive.',
  consentNever: 'Nobody has said yes yet. The paw records nothing.',
  speakers: 'Who may speak',
  speakersLead: 'The toy checks each voice’s signature itself. A stranger never lights the heart.',
  approval: 'An adult approves first',
  rhythm: 'Heart rhythm',
  rhythmLead: 'The heart beats differently for each person, so a child knows who it is.',
  rhythmOf: (n: number) => `Rhythm ${n}`,
  quiet: 'Quiet hours',
  quietLead: 'The heart stays dark and nothing plays. Messages wait.',
  from: 'From',
  until: 'Until',
  volume: 'Volume',
  state: 'How it is',
  battery: 'Battery',
  firmware: 'Firmware',
  resets: 'Times reset',
  lastSeen: 'Last seen',
  asleepTitle: 'Away too long',
  asleep:
    'This toy’s bridges have been silent for more than six weeks, so nothing can be sealed for it. Switch a bridge on, or open Pawpost close to the toy: it comes right by itself.',
  handOn: 'Give it away, or start over',
  handOnLead:
    'Switch the toy off. Hold the paw, switch it on, and keep holding for ten seconds while the heart blinks. It forgets everything and becomes another toy. Give the tag along with it.',
  removeLead: 'Then take it out of the family here.',
  remove: (name: string) => `Take ${name} out of the family`,
  updateComing: (percent: number) => `A new version is on its way: ${percent} %`,
  updateReady: 'A new version is in the toy. It starts when the toy is left alone.',
  updateRefused: {
    unsigned: 'The toy did not take a new version: it is not from the toy’s maker. Nothing was changed.',
    'wrong-board': 'The toy did not take a new version: it is made for another toy. Nothing was changed.',
    broken: 'A new version did not reach the toy whole. It is tried again at the next meeting.',
    'no-room': 'The toy could not store a new version. It goes on with the one it has.',
    senseless: 'The toy and this phone did not understand each other about a new version. Update the app.',
    failed: 'A new version did not work in this toy, so it went back to the one before.',
  },
};

export type ToySettingsWords = typeof enToySettings;
