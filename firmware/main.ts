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
  POLICY_ADDRESS,
  SETTINGS_ADDRESS,
  VALUE_BYTES,
} from '#boards/c3-plush.ts';
import { ASK_BYTES, encodeAsk, type Status } from '#protocol/ble/records.ts';
import { SLOT_IDENTITY, SLOT_STORAGE } from '#protocol/link/primitives.ts';
import { toyIdOf } from '#protocol/link/toy-id.ts';
import { POLICY_BYTES } from '#protocol/policy/layout.ts';
import { policyCounter, policyVolume } from '#protocol/policy/policy.ts';
import { BATTERY_UNKNOWN, batteryPercent } from './battery.ts';
import { createClipKeys } from './clip-key.ts';
import { createClips } from './clips.ts';
import { createDeliveries } from './deliveries.ts';
import { createDialogue } from './dialogue.ts';
import { createHeart, RHYTHM_RESET } from './heart.ts';
import { createToyLink, type ToyLink } from './link.ts';
import { createManners, type Manners } from './manners.ts';
import { createMicrophone } from './microphone.ts';
import { makeAdvertisement, NEAR_MS } from './near.ts';
import { createPairing } from './pairing.ts';
import { createPaw, DEBOUNCE_MS } from './paw.ts';
import { createPolicyInForce } from './policy.ts';
import type { Radio } from './radio.ts';
import { startRadio } from './radio-native.ts';
import { endInterrupted, rememberMessages } from './recovery.ts';
import { createSettings, SETTINGS_BYTES } from './settings.ts';
import { createSlotStore } from './slot-store.ts';
import { createSpeaker } from './speaker.ts';
import { createTwin } from './twin.ts';
import { createUploads } from './uploads.ts';
import { createVoice, SOUND_NEW_FAMILY } from './voice.ts';

/** Slots that each kind of clip is sure of. */
const RESERVED_SLOTS = CLIP_SLOTS > 4 ? 2 : 1;
const TIDY_MS = 60;
const TIDY_IDLE_MS = 2000;
/** How often the heart looks at the clock: quiet hours begin and end by the minute. */
const HEART_MS = 30000;
/** For this long after a pairing the toy sings about it whenever it wakes. */
const NEW_FAMILY_S = 86400;
const UNPAIRED_VOLUME = 60;
const WATCHDOG_S = 30;
/** Charge from which on a new program is started; BATTERY_UNKNOWN is above it. */
const UPDATE_PERCENT = 15;

const sodium = require('sodium');
const plush = require('plush');
const flash = require('Flash');
const programs = require('program');
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
const settings = createSettings(createTwin(flash, sodium, SETTINGS_ADDRESS, SETTINGS_BYTES), timers);
const policyTwin = createTwin(flash, sodium, POLICY_ADDRESS, POLICY_BYTES);
const policy = createPolicyInForce(sodium, policyTwin, settings, timers, toyId);

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
function advertise(): void {
  radio.advertise(makeAdvertisement(sodium, policy.generation()));
}
function batteryNow(): number {
  return BATTERY_PIN < 0
    ? BATTERY_UNKNOWN
    : batteryPercent(analogRead(BATTERY_PIN) * BATTERY_FULL_SCALE_VOLTS);
}
function statusNow(): Status {
  const isPaired = policy.isPaired();
  return {
    generation: isPaired ? policy.generation() : 0,
    counter: isPaired ? policyCounter(policy.head) : 0,
    resets: settings.resets(),
    battery: batteryNow(),
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
    if (!link.isWelcome()) link.disconnect();
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
const isHeldFromStart = isTouched();
const paw = createPaw(timers, isHeldFromStart, manners.paw);
setWatch(() => paw.change(isTouched()), PAW_PIN, { repeat: true, edge: 'both', debounce: DEBOUNCE_MS });

// What goes on by itself.
function tidy(): void {
  const isIdle = !microphone.isBusy() && !speaker.isPlaying();
  if (isIdle && programs.isReady() && !isTouched() && batteryNow() >= UPDATE_PERCENT) E.reboot();
  setTimeout(tidy, isIdle && clips.tidy() ? TIDY_MS : TIDY_IDLE_MS);
}
function lookAtClock(): void {
  manners.showHeart();
  setTimeout(lookAtClock, HEART_MS);
}
function advertiseAnew(): void {
  advertise();
  setTimeout(advertiseAnew, NEAR_MS);
}
radio = startRadio(link.listener);
link.attach(radio);
advertiseAnew();
tidy();
lookAtClock();
if (isHeldFromStart) heart.beat(RHYTHM_RESET);
if (policy.isPaired() && settings.pairedAgeS() < NEW_FAMILY_S) voice.sing(SOUND_NEW_FAMILY);
E.enableWatchdog(WATCHDOG_S, true);
