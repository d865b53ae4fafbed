// What went wrong and what to do about it, in English. Which codes mean which of these is in troubles.ts.

/** `what` happened, and what `todo`: one sentence each, or two. */
export interface Sentence {
  what: string;
  todo: string;
}

export const enTroubles = {
  unknown: { what: 'Something went wrong.', todo: 'Try once more. If it stays, report it in Settings.' },
  ours: {
    what: 'The app tripped over its own feet.',
    todo: 'Close it and open it again. If it stays, report it in Settings.',
  },
  link: {
    what: 'The talk with the toy broke off.',
    todo: 'Keep the toy close and try again. Nothing was lost.',
  },
  linkSilent: {
    what: 'The toy does not answer.',
    todo: 'Is it switched on, charged and within a few metres? If it was reset, pair it again.',
  },
  notPairing: {
    what: 'The toy is not ready to be paired.',
    todo: 'Hold its paw for three seconds until the heart blinks, then try within a minute.',
  },
  notGenuine: {
    what: 'Something answered that is not your toy.',
    todo: 'Check that this tag belongs to this toy. Try again somewhere else, away from other people’s devices.',
  },
  animals: {
    what: 'You said that the animals differ, so the pairing was stopped.',
    todo: 'Somebody else may be near. Try again in another place. Nothing was stored.',
  },
  notFound: {
    what: 'No toy with this tag was found.',
    todo: 'Hold the paw until the heart blinks, keep the toy close, and look again.',
  },
  otherFamily: {
    what: 'The toy would not join. It may belong to another family.',
    todo: 'Ask whoever had it to reset it: hold the paw from power-on for ten seconds.',
  },
  policy: {
    what: 'The toy did not take the new settings.',
    todo: 'They will be sent again by themselves. If it stays, open the toy’s settings and change one.',
  },
  stamp: {
    what: 'A message’s signature did not fit, so the toy will not play it.',
    todo: 'Ask the sender to record it again. If they did not send one, somebody tried to fool the toy, in vain.',
  },
  clip: {
    what: 'A recording was damaged on its way and was thrown out.',
    todo: 'It is fetched again by itself while the toy has it.',
  },
  audio: {
    what: 'This message is broken and cannot be played.',
    todo: 'Ask for it to be said again.',
  },
  audioLong: { what: 'The recording is longer than a minute.', todo: 'Say it in two parts.' },
  envelope: {
    what: 'A letter was broken or forged. It was not opened.',
    todo: 'Nothing to do. If somebody waits for an answer, ask them to send it again.',
  },
  envelopeLate: {
    what: 'A letter came too late for this phone to open.',
    todo: 'Another phone of the family may have it. Open the app at least once a month.',
  },
  prekeys: {
    what: 'A device of the family has been away so long that nothing can be sealed for it.',
    todo: 'Switch it on, or open Pawpost on it. The others still get everything.',
  },
  relayLies: {
    what: 'The relay shows something that your family did not sign.',
    todo: 'Do not trust it. Compare with another parent’s phone; if it stays, use the recovery kit.',
  },
  rights: {
    what: 'This phone has no right to do that.',
    todo: 'Ask a parent, or use the recovery kit.',
  },
  member: { what: 'That one is not in the family (any more).', todo: 'Open the family page again.' },
  invitation: {
    what: 'That is no invitation, or a letter of it is missing.',
    todo: 'Scan the code again, or copy the whole link.',
  },
  invitationOver: {
    what: 'This invitation has expired or was used already.',
    todo: 'Ask for a new one. Each is good for two days and for one person.',
  },
  wordsDiffer: {
    what: 'The six words were not the same, so nobody was let in.',
    todo: 'Make a new invitation and hand it over face to face.',
  },
  notInvited: {
    what: 'Somebody asked to join as a person who is in the family already, so nobody was let in.',
    todo: 'If it is your own other phone, choose that and invite again. If not, ask who had the invitation.',
  },
  kit: {
    what: 'Those are not the 24 words of a kit.',
    todo: 'Check the order and the spelling. Scanning the QR code is easier.',
  },
  tag: {
    what: 'There is a slip in the letters of the tag.',
    todo: 'Compare them once more, or scan the QR code.',
  },
  clock: {
    what: 'This device’s clock is wrong.',
    todo: 'Set date and time to automatic and try again.',
  },
  relayRefused: {
    what: 'The relay refused.',
    todo: 'Check that this device is still in the family, and that date and time are right.',
  },
  relayFull: {
    what: 'A mailbox at the relay is full.',
    todo: 'It empties when that person opens the app. Your message waits here and goes then.',
  },
  relayBusy: { what: 'The relay is busy.', todo: 'Your message waits here and goes by itself.' },
  relayAway: {
    what: 'The relay does not answer.',
    todo: 'Check your internet. What you said is kept here and goes by itself.',
  },
  noRadio: {
    what: 'This browser cannot use Bluetooth.',
    todo: 'Switch Bluetooth on, or use Chrome or Edge. A bridge at home, a Raspberry Pi, can pair the toy too.',
  },
  noBridge: {
    what: 'Your family has no bridge yet.',
    todo: 'Set one up at home, a Raspberry Pi can do it, or pair the toy with Chrome or Edge on Android or a computer.',
  },
  bridgeRadio: {
    what: 'The bridge cannot use its Bluetooth.',
    todo: 'Switch the bridge off and on again. If it stays, look at its Bluetooth.',
  },
  bridgeSilent: {
    what: 'The bridge does not answer.',
    todo: 'Is it switched on and on the internet? Then try again.',
  },
  bridgeBusy: {
    what: 'The bridge is pairing another toy.',
    todo: 'Wait a minute and try again.',
  },
  bridgeLate: {
    what: 'This phone and the bridge do not agree what time it is.',
    todo: 'Set date and time to automatic on both and try again.',
  },
  radioDenied: {
    what: 'Bluetooth was not allowed, or no toy was chosen.',
    todo: 'Press the button again and choose the toy in the list.',
  },
  radioFar: { what: 'The toy went out of range.', todo: 'Come closer and try again. Nothing was lost.' },
  microphoneDenied: {
    what: 'The microphone is not allowed.',
    todo: 'Allow it for Pawpost in the browser’s site settings (the icon beside the address), then try again.',
  },
  microphoneMissing: { what: 'No microphone was found.', todo: 'Plug one in, or use your phone.' },
  recorder: {
    what: 'The recording did not work.',
    todo: 'Close other apps that use the microphone and try again.',
  },
  audioRefused: { what: 'The browser would not play the sound.', todo: 'Press play once more.' },
  release: {
    what: 'A newer version was not signed by the makers of Pawpost, so it was thrown out.',
    todo: 'This version goes on working. If it stays, report it in Settings.',
  },
  cameraDenied: {
    what: 'The camera is not allowed.',
    todo: 'Allow it in the browser’s site settings, or type the letters instead.',
  },
  cameraMissing: { what: 'No camera was found.', todo: 'Type the letters instead.' },
  storeFull: {
    what: 'This device’s storage is full.',
    todo: 'Erase some messages or free some space. Nothing that was confirmed is lost.',
  },
  storeDamaged: {
    what: 'What is stored here is damaged.',
    todo: 'Leave and erase in Settings, then come back by an invitation or the recovery kit.',
  },
  storeLocked: {
    what: 'Pawpost is open in another window.',
    todo: 'Close the other window and try again.',
  },
  storeNewer: {
    what: 'What is stored here was written by a newer Pawpost.',
    todo: 'Reload the page to get the newest version.',
  },
  storeUnusable: {
    what: 'The browser does not let Pawpost store anything.',
    todo: 'Leave the private window, or allow storage for this site.',
  },
  notJoined: { what: 'This device is not in a family yet.', todo: 'Begin, or ask for an invitation.' },
  lockFailed: {
    what: 'The screen lock did not open.',
    todo: 'Try again. If it never works, come back by an invitation or the recovery kit.',
  },
  pushDenied: {
    what: 'Notifications are not allowed.',
    todo: 'Allow them for Pawpost in the browser’s site settings, then switch them on here.',
  },
  pushFailed: {
    what: 'The notification service does not answer.',
    todo: 'Try later. Messages still arrive when the app is open.',
  },
  picture: { what: 'This picture cannot be read.', todo: 'Choose a JPEG or PNG.' },
  configuration: {
    what: 'This app does not know where its relay is.',
    todo: 'Check the internet and load the page again. If it stays, tell whoever runs this address.',
  },
  name: { what: 'That cannot be a name here.', todo: 'Use 1 to 40 letters.' },
};

/** Where nothing goes on. */
export const enStops = {
  locked: {
    title: 'Locked',
    lead: 'Your family’s messages are sealed behind this phone’s screen lock.',
    act: 'Unlock',
  },
  forked: {
    title: 'Stop: the relay tells two stories',
    lead: 'The relay shows a different past than the one your family signed, so it is lying or was broken into. Nothing more goes in or out until you come back in with the recovery kit.',
    act: 'Use the recovery kit',
  },
  removed: {
    title: 'This phone was put out of the family',
    lead: 'It can hear nothing new. If that is a mistake, ask a parent for a new invitation.',
    act: 'Erase everything here',
  },
  unsupported: {
    title: 'This browser cannot keep your family’s keys',
    lead: 'Pawpost needs a newer browser, outside of a private window. Try the latest Chrome, Edge, Firefox or Safari.',
  },
};

export type Stops = typeof enStops;
export type Troubles = Record<keyof typeof enTroubles, Sentence>;
