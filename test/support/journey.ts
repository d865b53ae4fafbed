// A household whose happenings a test can wait for: what the child hears and sees, what the bridge tells, what the parent gets.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeEvent } from '#bridge/main.ts';
import { speakToToy } from '#bridge/person.ts';
import type { Voice } from '#bridge/voices.ts';
import { createHousehold, type Household, type HouseholdOptions } from '#cli/household.ts';
import { createRoom, type Room } from '#cli/room.ts';
import { decodeSpeech, encodeSpeech } from '#cli/speech.ts';
import type { ToyEvent } from '#firmware/simulator/diary.ts';
import { createVoiceEncoder } from '#firmware/simulator/recorder.ts';
import {
  createMicrophone,
  createRememberingSpeaker,
  type RememberingSpeaker,
  SAMPLE_HZ,
} from '#firmware/simulator/sound.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { joinPackets, splitPackets } from '#protocol/audio/stream.ts';
import { HEARD, type Receipt } from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import { createHappenings, type Happenings } from './happenings.ts';

/** What the child says, and for how long the paw is held: three chunks. */
export const SAID = createVoice(1.2);
export const SAID_MS = (SAID.length / SAMPLE_HZ) * 1000;
/** What a parent answers: three chunks. */
export const ANSWER = encodeSpeech(createVoice(1));
const TAP_MS = 150;
const PACKET_SAMPLES = (SAMPLE_HZ * 60) / 1000;
/** The blink that says "sent" is over by then. */
const BLINK_MS = 1_000;
/** Longer than a round of any rhythm of the heart. */
const LOOK_AT_HEART_MS = 2_500;

export interface Journey {
  readonly household: Household;
  readonly directory: string;
  readonly toyId: Uint8Array;
  readonly speaker: RememberingSpeaker;
  readonly toy: Happenings<ToyEvent>;
  readonly bridge: Happenings<BridgeEvent>;
  readonly heard: Happenings<Voice>;
  /** Ids, in hex, of the messages that the toy has confirmed. */
  readonly receipts: Happenings<string>;
  /** What the parent was told of messages that the child has heard. */
  readonly hearings: Happenings<Receipt>;
  /** The child holds the paw and speaks for `ms`; `during` runs half way, while the microphone is open. */
  speak(ms?: number, during?: () => void): Promise<void>;
  /** The parent speaks to the toy. Returns the message's id, in hex. */
  answer(stream?: Uint8Array): Promise<string>;
  /** The child taps the paw and hears a message to its end. */
  listen(): Promise<Int16Array>;
  close(): Promise<void>;
}

export interface JourneyOptions {
  board: string;
  /** Left out: the virtual air in real time. */
  room?: Room;
  /** False: the test runs a bridge of its own. */
  hasBridge?: boolean;
  /** What the toy's maker put into it, and what the bridge has for it. */
  made?: HouseholdOptions['made'];
  programs?: HouseholdOptions['programs'];
  /** Done before the toy is paired: whom its policy shall know. */
  beforePairing?(household: Household): Promise<void>;
  /** Hears what the bridge tells at that very moment, before the bridge goes on. */
  told?(event: BridgeEvent, household: Household): void;
}

/** A family whose toy is paired; with its bridge linked, unless told otherwise. */
export async function beginJourney(options: JourneyOptions): Promise<Journey> {
  const { board, hasBridge = true } = options;
  const room = options.room ?? createRoom({ timing: 'realtime' });
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-journey-'));
  const speaker = createRememberingSpeaker();
  const toy = createHappenings<ToyEvent>();
  const bridge = createHappenings<BridgeEvent>();
  const heard = createHappenings<Voice>();
  const receipts = createHappenings<string>();
  const hearings = createHappenings<Receipt>();
  function noteReceipt(receipt: Receipt): void {
    if (receipt.state === HEARD) hearings.note(receipt);
    else receipts.note(idText(receipt.messageId));
  }
  const household: Household = await createHousehold({
    directory,
    board,
    microphone: createMicrophone(SAID),
    speaker,
    room,
    tell: (event) => {
      options.told?.(event, household);
      bridge.note(event);
    },
    person: { heard: heard.note, receipt: noteReceipt },
    ...(options.made === undefined ? {} : { made: options.made }),
    ...(options.programs === undefined ? {} : { programs: options.programs }),
  });
  household.toy.onEvent(toy.note);
  await options.beforePairing?.(household);
  const toyId = await household.pair();
  if (hasBridge) {
    household.startBridge();
    await bridge.until('link', ({ event }) => event === 'status');
  }
  return {
    household,
    directory,
    toyId,
    speaker,
    toy,
    bridge,
    heard,
    receipts,
    hearings,
    async speak(ms = SAID_MS, during) {
      const from = toy.all.length;
      household.toy.press();
      await toy.until('open microphone', isOpen('microphone', true), from);
      await pause(ms / 2);
      during?.();
      await pause(ms / 2);
      household.toy.release();
      await toy.until('closed microphone', isOpen('microphone', false), from);
    },
    async answer(stream = ANSWER) {
      const id = await speakToToy(household.adult, toyId, stream);
      household.person.wake();
      return idText(id);
    },
    async listen() {
      const from = toy.all.length;
      household.toy.press();
      await pause(TAP_MS);
      household.toy.release();
      await toy.until('open speaker', isOpen('speaker', true), from);
      await toy.until('closed speaker', isOpen('speaker', false), from);
      return speaker.played.at(-1)!;
    },
    async close() {
      await household.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Whether an organ of the toy opens or closes. */
export function isOpen(kind: 'microphone' | 'speaker', open: boolean): (event: ToyEvent) => boolean {
  return (event) => event.kind === kind && event.isOpen === open;
}

/** Whether a bridge tells this. */
export function tells(event: BridgeEvent['event']): (told: BridgeEvent) => boolean {
  return (told) => told.event === event;
}

/** Looks at the heart for as long as it could be dark between two beats: true if it lights, but for a blink at first. */
export async function isHeartBeating({ household, toy }: Journey): Promise<boolean> {
  await pause(BLINK_MS);
  const from = toy.all.length;
  await pause(LOOK_AT_HEART_MS);
  return household.toy.heart.isLit || toy.all.slice(from).some((event) => event.kind === 'heart');
}

/** The packets that the toy makes of `packets - 1` times 60 ms of what the child says, and the silence that ends it. */
export function saidPackets(packets: number, said: Int16Array = SAID): Uint8Array {
  const encoder = createVoiceEncoder();
  const stream = Array.from({ length: packets }, (_, i) => {
    const frame = new Int16Array(PACKET_SAMPLES);
    if (i < packets - 1) frame.set(said.subarray(i * PACKET_SAMPLES, (i + 1) * PACKET_SAMPLES));
    return encoder.encode(frame).slice();
  });
  return joinPackets(stream);
}

/** True if a voice is, byte for byte, what the child said, from the touch to the release. */
export function isWholeVoice(voice: Voice, ms = SAID_MS): boolean {
  const { length } = splitPackets(voice.stream);
  return length * 60 > ms && Buffer.compare(voice.stream, saidPackets(length)) === 0;
}

/** True if `played` are the samples of a packet stream: but for rounding, and the look-ahead's silence at the end. */
export async function isWholeSound(played: Int16Array, stream: Uint8Array): Promise<boolean> {
  const expected = await decodeSpeech(stream);
  if (played.length < expected.length - PACKET_SAMPLES || played.length > expected.length) return false;
  return played.every((sample, i) => Math.abs(sample - expected[i]!) <= 64);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
