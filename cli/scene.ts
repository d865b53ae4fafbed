// One demonstration: the household, what was captured at each place a thief could stand, and the two ways a voice travels.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeEvent } from '#bridge/main.ts';
import { speakToToy } from '#bridge/person.ts';
import type { Voice } from '#bridge/voices.ts';
import { createMicrophone, createRememberingSpeaker, SAMPLE_HZ } from '#firmware/simulator/sound.ts';
import { splitPackets } from '#protocol/audio/stream.ts';
import { idText } from '#protocol/family/member.ts';
import type { Chronicle } from './chronicle.ts';
import { createHousehold, type Household } from './household.ts';
import { bestRoom, type Room } from './room.ts';
import { decodeSpeech, encodeSpeech } from './speech.ts';
import { describeLoot, type Loot, loot } from './thief.ts';

const LEG_MS = 30_000;
const TAP_MS = 150;

/** Where a thief may stand, and what the place holds. */
const PLACES = {
  toyFlash: 'reads out the toy’s flash chip',
  air: 'recorded every radio packet',
  bridgeStore: 'copies the bridge’s store',
  relay: 'copies the whole relay',
} as const;
type Place = keyof typeof PLACES;

export interface Scene {
  household: Household;
  room: Room;
  chronicle: Chronicle;
  speaker: ReturnType<typeof createRememberingSpeaker>;
  events: BridgeEvent[];
  voices: Voice[];
  receipts: Uint8Array[];
  /** Everything that crossed the air. */
  onAir: Uint8Array[];
  /** The relay's files as they were each time it had taken a message, and at the end. */
  onRelay: Uint8Array[];
  /** What a thief at that place would hold now. */
  copy(place: Place): Uint8Array[];
}

/** Starts the household and pairs the toy. `close` the household at the end. */
export async function setScene(
  directory: string,
  board: string,
  said: Int16Array,
  chronicle: Chronicle,
): Promise<Scene> {
  const room = bestRoom({ timing: 'realtime' }, chronicle.tell);
  const onAir: Uint8Array[] = [];
  room.onPacket(({ kind, bytes }) => {
    if (kind !== 'control') onAir.push(bytes);
  });
  const onRelay: Uint8Array[] = [];
  const keepRelay = () => onRelay.push(...filesIn(join(directory, 'relay'), ''));
  const speaker = createRememberingSpeaker();
  const events: BridgeEvent[] = [];
  const voices: Voice[] = [];
  const receipts: Uint8Array[] = [];
  chronicle.tell('a relay, a bridge, an adult’s device and a toy start on this machine');
  const household = await createHousehold({
    directory,
    board,
    microphone: createMicrophone(said),
    speaker,
    room,
    tell(event) {
      events.push(event);
      // In the same turn as the relay's answer, before the recipient can have taken it away.
      if (event.event === 'sent') keepRelay();
    },
    person: {
      heard: (voice) => voices.push(voice),
      receipt: ({ messageId }) => receipts.push(messageId),
      sent: keepRelay,
    },
  });
  const copies: Record<Place, () => Uint8Array[]> = {
    toyFlash: () => filesIn(join(directory, 'toy'), 'flash'),
    air: () => [...onAir],
    bridgeStore: () => filesIn(join(directory, 'bridge'), 'store'),
    relay: () => [...onRelay],
  };
  return {
    household,
    room,
    chronicle,
    speaker,
    events,
    voices,
    receipts,
    onAir,
    onRelay,
    copy: (place) => copies[place](),
  };
}

/** Pairs the toy and waits until the bridge has it and the sounds of pairing are over. Returns the toy's id. */
export async function pair({ household, chronicle, events }: Scene): Promise<Uint8Array> {
  const paired = chronicle.leg('pair');
  const toyId = await household.pair();
  paired(`the paw was held, four animals agreed: toy ${idText(toyId).slice(0, 8)} is in the family`);
  household.startBridge();
  await chronicle.until('the bridge links with the toy', LEG_MS, () => has(events, 'linked'));
  await chronicle.until('the toy is quiet', LEG_MS, () => isQuiet(household));
  return toyId;
}

/** Holds the paw while the child speaks, and waits until the parent has it. */
export async function sayIt(scene: Scene, said: Int16Array) {
  const { household, chronicle, events, voices, onAir } = scene;
  const { toy } = household;
  const { leg } = chronicle;
  const saidMs = (said.length / SAMPLE_HZ) * 1000;
  const before = count(onAir);
  const stolen: Partial<Record<Place, Uint8Array[]>> = {};
  const spoken = leg('speak');
  toy.press();
  await chronicle.until('the microphone opens', LEG_MS, () => toy.events.some(isMicrophoneOpen));
  await chronicle.wait(saidMs);
  chronicle.noteHeart('while the microphone is open', toy.heart.isLit);
  stolen.toyFlash = scene.copy('toyFlash');
  toy.release();
  spoken(
    `the paw was held for ${(saidMs / 1000).toFixed(1)} s; the heart glowed while the microphone was open`,
  );
  const toBridge = leg('toy to bridge');
  await chronicle.until('the clip is whole on the bridge’s disk', LEG_MS, () => has(events, 'recorded'));
  stolen.air = scene.copy('air');
  stolen.bridgeStore = scene.copy('bridgeStore');
  const airBytes = count(onAir) - before;
  toBridge(`the clip is whole on the bridge’s disk; ${airBytes} bytes went through the air`);
  const toRelay = leg('bridge to relay');
  await chronicle.until('the relay has it', LEG_MS, () => has(events, 'sent'));
  stolen.relay = scene.copy('relay');
  toRelay('sealed for the family and stored by the relay, which cannot open it');
  const toParent = leg('relay to parent');
  await chronicle.until('the parent has it', LEG_MS, () => voices.length > 0);
  const heard = voices[0]!;
  const packets = splitPackets(heard.stream);
  toParent(`the parent’s device checked and opened it: ${packets.length} packets, ${heard.durationMs} ms`);
  for (const place of Object.keys(PLACES) as Place[]) tellLoot(scene, place, loot(stolen[place]!, packets));
  // The first frames after the touch, and the one that flushes the encoder, may make it a little longer than the sound.
  const isWhole = heard.durationMs >= saidMs - 120 && heard.packets === packets.length;
  return { heard, packets, isWhole, bytes: { fromChildOpus: heard.stream.length, fromChildAir: airBytes } };
}

/** Answers, and taps the paw when the heart beats. */
export async function answerIt(scene: Scene, toyId: Uint8Array, answer: Int16Array) {
  const { household, chronicle, events, speaker, receipts, onAir } = scene;
  const { toy, adult, person } = household;
  const { leg } = chronicle;
  const stream = encodeSpeech(answer);
  const packets = splitPackets(stream);
  const before = count(onAir);
  await chronicle.until('the heart is dark', LEG_MS, () => isQuiet(household));
  const toToy = leg('parent to toy');
  const messageId = await speakToToy(adult, toyId, stream);
  person.wake();
  await chronicle.until('the toy has it', LEG_MS, () => has(events, 'delivered'));
  const airBytes = count(onAir) - before;
  toToy(
    `stamped, sealed, relayed and delivered: the toy has checked the stamp itself; ${airBytes} bytes in the air`,
  );
  for (const place of ['relay', 'bridgeStore', 'air', 'toyFlash'] as const) {
    tellLoot(scene, place, loot(scene.copy(place), packets));
  }
  const lights = leg('heart lights');
  await chronicle.until('the heart lights', LEG_MS, () => toy.heart.isLit);
  chronicle.noteHeart('a message waits', true);
  lights('the heart beats');
  const plays = leg('play');
  const tapped = toy.events.length;
  toy.press();
  await chronicle.wait(TAP_MS);
  toy.release();
  await chronicle.until('the speaker has played', LEG_MS + packets.length * 60, () => {
    const now = toy.events.slice(tapped).filter(({ kind }) => kind === 'speaker');
    return now.length >= 2;
  });
  const played = speaker.played.at(-1) ?? new Int16Array(0);
  plays(`the child tapped the paw and heard ${(played.length / SAMPLE_HZ).toFixed(1)} s`);
  await chronicle.until('the sender is told', LEG_MS, () => receipts.length > 0);
  await chronicle.until('the heart is dark', LEG_MS, () => isQuiet(household));
  chronicle.noteHeart('after it was heard', toy.heart.isLit);
  const expected = await decodeSpeech(stream);
  const isWhole = isSame(expected, played) && idText(receipts[0]!) === idText(messageId);
  const bytes = { fromParentOpus: stream.length, fromParentAir: airBytes };
  return { messageId, packets, played, durationMs: packets.length * 60, isWhole, bytes };
}

/** What a thief holds of these packets at each place, in the end. */
export async function finalLoot(scene: Scene, packets: readonly Uint8Array[]): Promise<Record<Place, Loot>> {
  scene.onRelay.push(...(await scene.household.relay.dump()).map(({ bytes }) => bytes));
  const entries = (Object.keys(PLACES) as Place[]).map((place) => [place, loot(scene.copy(place), packets)]);
  return Object.fromEntries(entries);
}

function tellLoot({ chronicle }: Scene, place: Place, held: Loot): void {
  chronicle.tell(`    a thief who ${PLACES[place]} holds ${describeLoot(held)}`);
}

/** The files of a folder whose names begin with `prefix`: a database is more than one. */
function filesIn(folder: string, prefix: string): Uint8Array[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  return names.map((name) => readFileSync(join(folder, name)));
}

/** The same samples but for rounding, and at most one packet shorter: the silence that brings out the look-ahead. */
function isSame(expected: Int16Array, played: Int16Array): boolean {
  if (played.length < expected.length - 960 || played.length > expected.length) return false;
  return played.every((sample, i) => Math.abs(sample - expected[i]!) <= 64);
}

function isQuiet({ toy }: Household): boolean {
  const last = toy.heart.history.at(-1);
  const tone = toy.events.findLast(({ kind }) => kind === 'tone' || kind === 'speaker');
  const nowMs = performance.now();
  return !toy.heart.isLit && nowMs - (last?.atMs ?? 0) > 1500 && nowMs - (tone?.atMs ?? 0) > 2000;
}

function isMicrophoneOpen(event: { kind: string; isOpen?: boolean }): boolean {
  return event.kind === 'microphone' && event.isOpen === true;
}

function has(events: BridgeEvent[], event: BridgeEvent['event']): boolean {
  return events.some((each) => each.event === event);
}

function count(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
