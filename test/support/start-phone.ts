// A phone of `pawpost start` without a browser: what the app's machinery does there, over the pretend radio, with a family of its own.
import { WebSocket } from 'ws';
import { createRoomRadio } from '#app/radio/room-radio.ts';
import { wallClock } from '#bridge/clock.ts';
import type { Device } from '#bridge/device.ts';
import { foundFamily } from '#bridge/founding.ts';
import { createKeys } from '#bridge/keys.ts';
import { type LetterHead, letterStream, listLetters } from '#bridge/letters.ts';
import { pairToy } from '#bridge/pairing.ts';
import { speakToToy } from '#bridge/person.ts';
import { type PhoneEvent, runPhone } from '#bridge/phone.ts';
import { FIRST_WISHES } from '#bridge/wishes.ts';
import { SUBPROTOCOL } from '#cli/start/wire.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';
import { decodeTag } from '#protocol/family/tag.ts';
import { createHappenings, type Happenings } from './happenings.ts';
import { createMemoryStore } from './memory-store.ts';

const PAIR_MS = 60_000;

export interface StartPhone {
  readonly device: Device;
  readonly events: Happenings<PhoneEvent>;
  /** Pairs the toy of that tag, whose paw is held; `agree` gets what it must sing. Returns the toy's id. */
  pair(tag: string, agree: (animals: string[]) => Promise<boolean>): Promise<Uint8Array>;
  /** From now on it links with the toy, sends and takes. */
  run(): void;
  speak(toyId: Uint8Array, stream: Uint8Array): Promise<Uint8Array>;
  letters(): Promise<LetterHead[]>;
  stream(letter: LetterHead): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** `app`: the app's origin, which tells where relay and radio are. */
export async function openStartPhone(app: string): Promise<StartPhone> {
  const told = (await (await fetch(`${app}/pawpost.json`)).json()) as { relay: string; radio: string };
  const { device } = await foundFamily({
    keys: createKeys(ROLE_ADULT),
    relay: told.relay,
    store: createMemoryStore().open(),
    clock: wallClock,
  });
  const radio = createRoomRadio(() => openRadio(told.radio, app) as never);
  const events = createHappenings<PhoneEvent>();
  const ending = new AbortController();
  let phone: ReturnType<typeof runPhone> | null = null;
  return {
    device,
    events,
    pair: (tag, agree) =>
      pairToy({
        radio,
        adult: device,
        tag: decodeTag(tag),
        wishes: FIRST_WISHES,
        confirm: agree,
        signal: AbortSignal.timeout(PAIR_MS),
      }),
    run() {
      phone = runPhone({ device, radio, random: Math.random, tell: events.note }, ending.signal);
    },
    async speak(toyId, stream) {
      const id = await speakToToy(device, toyId, stream);
      phone?.wake();
      return id;
    },
    letters: () => listLetters(device),
    stream: async ({ messageId }) => (await letterStream(device, messageId))!,
    async close() {
      ending.abort();
      await phone?.ended;
      await radio.close();
    },
  };
}

/** A websocket to the room's radio, as the app's page opens it. */
export function openRadio(address: string, origin: string): WebSocket {
  const { hash } = new URL(address);
  const socket = new WebSocket(address.slice(0, -hash.length), [SUBPROTOCOL, hash.slice(1)], { origin });
  // A browser's page needs no listener either: what fails closes.
  socket.on('error', () => {});
  return socket;
}
