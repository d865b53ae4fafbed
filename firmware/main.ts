// The toy: every organ is made here, in the order in which they need each other, and handed what it needs; no organ knows another's
// file. The build puts the chosen board in the place of the one named here, and its radio in the place of `radio-native`.
import {
  BATTERY_FULL_SCALE_VOLTS,
  BATTERY_PIN,
  BOARD_NUMBER,
  CLIP_SLOTS,
  CLIPS_ADDRESS,
  FRAGMENT_WINDOW,
  HEART_ACTIVE,
  HEART_PIN,
  PAW_ACTIVE,
  PAW_PIN,
  PAW_WAKES,
  POLICY_ADDRESS,
  SETTINGS_ADDRESS,
  VALUE_BYTES,
} from '#boards/c3-plush.ts';
import { ASK_BYTES, encodeAsk, type Status } from '#protocol/ble/records.ts';
import { SLOT_IDENTITY, SLOT_STORAGE } from '#protocol/link/primitives.ts';
import { toyIdOf } from '#protocol/link/toy-id.ts';
import { POLICY_BYTES } from '#protocol/policy/layout.ts';
import { policyCounter, policyVolume } from '#protocol/policy/policy.ts';
import { BATTERY_UNKNOWN, batteryPercent, isLowAt, steadyPercent } from './battery.ts';
import { createClipKeys } from './clip-key.ts';
import { createClips } from './clips.ts';
import { createDeliveries } from './deliveries.ts';
import { createDialogue } from './dialogue.ts';
import { createHeart, RHYTHM_RESET } from './heart.ts';
import { createToyLink, STANDING_NONE, STANDING_UNWELCOME, type ToyLink } from './link.ts';
import { createManners, type Manners } from './manners.ts';
import { createMicrophone } from './microphone.ts';
import { makeAdvertisement, NEAR_MS } from './near.ts';
import { createPairing } from './pairing.ts';
import { createPaw, DEBOUNCE_MS } from './paw.ts';
import { createPolicyInForce } from './policy.ts';
import {
  ALONE_SLEEP_S,
  DAY_LOOKS,
  LOOK_MS,
  LOW_SLEEP_S,
  looksAtChange,
  looksAtStart,
  TOUCH_LOOKS,
} from './power.ts';
import type { Radio } from './radio.ts';
import { startRadio } from './radio-native.ts';
import { endInterrupted, rememberMessages } from './recovery.ts';
import { createSettings, SETTINGS_BYTES } from './settings.ts';
import { createSlotStore } from './slot-store.ts';
import { createSpeaker } from './speaker.ts';
import { createTwin } from './twin.ts';
import { createUploads } from './uploads.ts';
import {
  createVoice,
  SOUND_FORGETTING,
  SOUND_NEW_FAMILY,
  SOUND_NEW_PROGRAM,
  SOUND_NOBODYS,
} from './voice.ts';

/** Slots that each kind of clip is sure of. */
const RESERVED_SLOTS = CLIP_SLOTS > 4 ? 2 : 1;
const TIDY_MS = 60;
const TIDY_IDLE_MS = 2000;
/** For this long after a pairing the toy sings about it whenever it wakes. */
const NEW_FAMILY_S = 86400;
const UNPAIRED_VOLUME = 60;
const WATCHDOG_S = 30;
/** Readings of the battery that make one: the chip's converter is noisy. */
const BATTERY_READINGS = 16;

const sodium = require('sodium');
const plush = require('plush');
const flash = require('Flash');
const programs = require('program');
const power = require('power');
const startedAt = getTime();
const timers = { now: getTime, after: setTimeout, cancel: clearTimeout };

pinMode(HEART_PIN, 'output');
const heart = createHeart(timers, (isLit) => {
  digitalWrite(HEART_PIN, isLit ? HEART_ACTIVE : 1 - HEART_ACTIVE);
});

// Who the toy is, what it obeys, what it remembers.
const toyKey = new Uint8Array(32);
const toyId = new Uint8Array(16);
if (!sodium.has(SLOT_IDENTITY)) sodium.generate(SLOT_IDENTITY);
sodium.publicKey(SLOT_IDENTITY, toyKey);
toyIdOf(sodium, toyKey, toyId);
const settings = createSettings(
  createTwin(flash, sodium, SETTINGS_ADDRESS, SETTINGS_BYTES),
  timers,
  power.sleptS(),
);
const policyTwin = createTwin(flash, sodium, POLICY_ADDRESS, POLICY_BYTES);
const policy = createPolicyInForce(sodium, policyTwin, settings, power, toyId);

// What it holds.
const store = createSlotStore(flash, sodium);
const keys = createClipKeys(sodium);
const clips = createClips(flash, store, CLIPS_ADDRESS, CLIP_SLOTS, RESERVED_SLOTS);
clips.load();
if (policy.isPaired()) {
  endInterrupted(sodium, clips, store);
  rememberMessages(clips, store, settings, policy);
} else clips.discardAll();

// What it hears and says. `manners` and `link` are made last and called only later.
let manners: Manners;
let link: ToyLink;
const uploads = createUploads(
  clips,
  store,
  timers,
  () => manners.sent(),
  () => manners.complain(),
);
const microphone = createMicrophone(plush, sodium, timers, clips, store, keys, {
  grew: (slot) => {
    uploads.grew(slot);
    link.turn();
  },
  ended: (slot) => {
    uploads.ended(slot);
    link.turn();
  },
  full: () => manners.recordingFull(),
});
const speaker = createSpeaker(plush, sodium, timers, clips, keys, (slot, isWhole) => {
  manners.playingFinished(slot, isWhole);
  // The toy asks itself what a bridge would ask: has it been heard?
  const ask = new Uint8Array(ASK_BYTES);
  encodeAsk(slot.id, false, ask, 0);
  dialogue.record(ask);
  link.turn();
});
const voice = createVoice(plush, timers, () => {
  if (microphone.isOpen() || policy.isQuietNow()) return 0;
  return policy.isPaired() ? policyVolume(policy.head) : UNPAIRED_VOLUME;
});
const deliveries = createDeliveries(
  sodium,
  timers,
  clips,
  store,
  keys,
  policy,
  settings,
  toyId,
  () => link.frame,
  microphone.isBusy,
  () => manners.showHeart(),
  () => link.turn(),
);

// The link, and what is said over it.
let radio: Radio;
let charge = BATTERY_UNKNOWN;
let isLow = power.askedS() === LOW_SLEEP_S;
const isWoken = power.isWokenByPaw();
/** Looks at the clock until the toy sleeps. */
let looks = looksAtStart(power.askedS(), isWoken);
function advertise(): void {
  radio.advertise(makeAdvertisement(sodium, policy.generation()));
}
function statusNow(): Status {
  const isPaired = policy.isPaired();
  // Asked by a bridge that is here, however short its stay.
  looks = isLow ? TOUCH_LOOKS : DAY_LOOKS;
  return {
    generation: isPaired ? policy.generation() : 0,
    counter: isPaired ? policyCounter(policy.head) : 0,
    resets: settings.resets(),
    battery: charge,
    uptimeS: Math.floor(getTime() - startedAt),
    roomChunks: clips.roomChunks(),
    program: PROGRAM,
    board: BOARD_NUMBER,
  };
}
const dialogue = createDialogue(
  timers,
  policy,
  uploads,
  deliveries,
  clips,
  store,
  programs,
  statusNow,
  () => {
    uploads.next();
    manners.policyChanged();
    advertise();
    // A bridge that has just brought its own dismissal.
    if (link.standing() === STANDING_UNWELCOME) link.disconnect();
  },
);
link = createToyLink(sodium, timers, policy, VALUE_BYTES, FRAGMENT_WINDOW, {
  isPairingOpen: () => manners.isPairingOpen(),
  opened: (transcript) => {
    if (!transcript) {
      dialogue.open(null);
      return;
    }
    const pairing = createPairing(sodium, policy, transcript, {
      animals: voice.singAnimals,
      paired: () => {
        manners.paired();
        advertise();
      },
      broken: link.disconnect,
    });
    dialogue.open(pairing);
  },
  record: dialogue.record,
  write: dialogue.write,
  hasMore: dialogue.hasMore,
  closed: dialogue.close,
});

// The child.
function reset(): void {
  // A paw that is held while a chip restarts of its own accord is a child's.
  if (!power.isPowerOn()) return;
  settings.countReset();
  policy.forget();
  sodium.clear(SLOT_STORAGE);
  sodium.clear(SLOT_IDENTITY);
  E.reboot();
}
manners = createManners(
  timers,
  policy,
  clips,
  store,
  heart,
  microphone,
  speaker,
  voice,
  // A bridge that came before has been told that pairing is closed.
  link.disconnect,
  reset,
);
function isTouched(): boolean {
  return digitalRead(PAW_PIN) === PAW_ACTIVE;
}
pinMode(PAW_PIN, PAW_ACTIVE ? 'input_pulldown' : 'input_pullup');
// Only power that comes: a toy that restarts by itself while a child takes the paw must not become nobody's.
const isReset = power.isPowerOn() && isTouched();
const paw = createPaw(timers, isReset, manners.paw);
setWatch(
  () => {
    if (looks < TOUCH_LOOKS) looks = TOUCH_LOOKS;
    paw.change(isTouched());
  },
  PAW_PIN,
  { repeat: true, edge: 'both', debounce: DEBOUNCE_MS },
);

// What goes on by itself.
function tidy(): void {
  const isIdle = !microphone.isBusy() && !speaker.isPlaying();
  // While a bridge is on the line: it will be there when the new program wants to show that it is healthy.
  if (isIdle && programs.isReady() && !isTouched() && !isLow && link.standing() !== STANDING_NONE) E.reboot();
  setTimeout(tidy, isIdle && clips.tidy() ? TIDY_MS : TIDY_IDLE_MS);
}
function lookAtClock(): void {
  const isIdle = !microphone.isBusy() && !speaker.isPlaying();
  // What the loudspeaker draws pulls the cell down.
  if (BATTERY_PIN >= 0 && isIdle) {
    let sum = 0;
    for (let i = 0; i < BATTERY_READINGS; i++) sum += analogRead(BATTERY_PIN);
    charge = steadyPercent(charge, batteryPercent((sum / BATTERY_READINGS) * BATTERY_FULL_SCALE_VOLTS));
    const wasLow = isLow;
    isLow = isLowAt(charge, wasLow);
    if (isLow !== wasLow) looks = looksAtChange(isLow, looks);
  }
  if (link.standing() !== STANDING_NONE) looks = isLow ? TOUCH_LOOKS : DAY_LOOKS;
  else if (looks > 0) looks--;
  else if (PAW_WAKES && isIdle && !isTouched() && !manners.isPairingOpen()) {
    settings.keep();
    power.sleep(policy.mayRecord(), isLow ? LOW_SLEEP_S : ALONE_SLEEP_S);
  }
  manners.showHeart(isLow);
  setTimeout(lookAtClock, LOOK_MS);
}
function advertiseAnew(): void {
  advertise();
  setTimeout(advertiseAnew, NEAR_MS);
}
// Before the radio starts: a toy that only looks at its battery sleeps again here.
lookAtClock();
if (isReset) heart.beat(RHYTHM_RESET);
else if (isWoken || isTouched()) {
  // The touch came before the program; a paw that is free again was a tap.
  paw.change(true);
  paw.change(isTouched());
  if (!microphone.isOpen()) plush.stop();
}
radio = startRadio(link.listener);
link.attach(radio);
advertiseAnew();
tidy();
// A toy that only wakes from its sleep is silent.
if (power.askedS() === 0) {
  if (!policy.isPaired()) voice.sing(SOUND_NOBODYS);
  else if (power.isPowerOn() && isTouched()) voice.sing(SOUND_FORGETTING);
  else if (settings.pairedAgeS() < NEW_FAMILY_S) voice.sing(SOUND_NEW_FAMILY);
  else if (programs.isOnTrial()) voice.sing(SOUND_NEW_PROGRAM);
}
E.enableWatchdog(WATCHDOG_S, true);
