// Between the pages and the household: what a page does reaches the toy and the adult's device, what they do reaches every page.
import type { Device } from '#bridge/device.ts';
import type { BridgeEvent } from '#bridge/main.ts';
import { type PersonEvents, speakToToy } from '#bridge/person.ts';
import type { RelayWork } from '#bridge/relay-work.ts';
import type { Speaker } from '#firmware/simulator/sound.ts';
import type { Toy } from '#firmware/simulator/toy.ts';
import { oggFromStream, streamFromOgg } from '#protocol/audio/ogg.ts';
import { validateStream } from '#protocol/audio/stream.ts';
import { DELIVERED_TO_TOY } from '#protocol/envelope/content.ts';
import { idText } from '#protocol/family/member.ts';
import type { Relay } from '#relay/main.ts';
import type { Ears } from './ears.ts';
import { createInbox } from './inbox.ts';
import { createPaw } from './paw.ts';
import type { PageServer, Scene } from './server.ts';
import type { Thieves } from './thieves.ts';

/** How often thieves are counted while somebody watches. */
const COUNT_MS = 2_000;

/** The part of a household that a page shows. */
interface Shown {
  toy: Toy;
  adult: Device;
  person: RelayWork;
  relay: Relay;
}

export interface Play {
  /** What the household is given when it is made. */
  readonly speaker: Speaker;
  readonly person: PersonEvents;
  tell(event: BridgeEvent): void;
  readonly isLinked: boolean;
  /** The household is there and paired: the scene of its pages. */
  begin(household: Shown, toyId: Uint8Array): Scene;
  end(): void;
}

/** `told` hears, in a line each, what happens to messages and what goes wrong. */
export function createPlay(
  server: PageServer,
  ears: Ears,
  thieves: Thieves,
  told: (line: string) => void,
): Play {
  const inbox = createInbox(() => server.tell({ kind: 'inbox', entries: inbox.entries() }));
  let isLinked = false;
  let volume = 0;
  let isSpeaking = false;
  let counting: NodeJS.Timeout | undefined;
  let forget = () => {};
  let trouble = '';

  function complain(text: string): void {
    // What is tried again and again fails again and again: once is enough.
    if (text === trouble) return;
    trouble = text;
    told(text);
    server.tell({ kind: 'trouble', text });
  }
  function link(isThere: boolean): void {
    isLinked = isThere;
    if (isThere) trouble = '';
    server.tell({ kind: 'toy', isLinked });
  }
  function speaking(isOpen: boolean): void {
    isSpeaking = isOpen;
    server.tell({ kind: 'speaker', isOpen, volume });
  }

  return {
    speaker: {
      open: (percent) => {
        volume = percent;
        speaking(true);
      },
      write: (samples) => server.play(samples),
      close: () => speaking(false),
      tone: (sound, percent) => server.tell({ kind: 'tone', sound, volume: percent }),
    },
    person: {
      heard: (voice) => {
        thieves.seek(voice.stream);
        inbox.heard(voice);
        told(`the family has a message from the toy: ${seconds(voice.durationMs)}`);
      },
      sent: (messageId) => inbox.stored(messageId),
      receipt: (receipt) => {
        inbox.receipt(receipt);
        if (receipt.state === DELIVERED_TO_TOY) told('the toy has the family’s message');
      },
      refused: (_messageId, code) => complain(`the family’s device refused a message: ${code}`),
    },
    tell: (event) => {
      if (event.event === 'linked' || event.event === 'unlinked') link(event.event === 'linked');
      else if (event.event === 'refused-by-toy') complain('the toy refused a message');
      else if (event.event === 'refused') complain(`the bridge refused a message: ${event.code}`);
      else if (event.event === 'trouble') complain(`trouble with the ${event.where}: ${event.code}`);
    },
    get isLinked() {
      return isLinked;
    },
    begin({ toy, adult, person, relay }, toyId) {
      const paw = createPaw(toy, ears);
      let isListening = false;
      forget = toy.onEvent((event) => {
        if (event.kind === 'heart') server.tell({ kind: 'heart', isLit: event.isLit });
        else if (event.kind === 'microphone') {
          isListening = event.isOpen;
          server.tell({ kind: 'microphone', isOpen: isListening });
        } else if (event.kind === 'error') complain(`the toy’s program failed: ${event.message}`);
      });
      const count = async () => {
        const stored = await relay.dump();
        return thieves.count(stored.map(({ bytes }) => bytes));
      };
      const recount = () => {
        if (!server.isWatched) return;
        count().then(
          (loot) => server.tell({ kind: 'thieves', loot }),
          (error: Error) => complain(`the relay’s bytes could not be read: ${error.message}`),
        );
      };
      counting = setInterval(recount, COUNT_MS);

      return {
        greeting: () => {
          setImmediate(recount);
          return [
            { kind: 'toy', isLinked },
            { kind: 'heart', isLit: toy.heart.isLit },
            { kind: 'microphone', isOpen: isListening },
            { kind: 'speaker', isOpen: isSpeaking, volume },
            { kind: 'inbox', entries: inbox.entries() },
          ];
        },
        said: (page, word) => {
          if (word.kind === 'press') paw.press(page, word.ears);
          else paw.release(page);
        },
        heard: (page, samples) => {
          if (paw.isHeldBy(page)) ears.hear(samples);
        },
        left: (page) => paw.release(page),
        listen: (id) => {
          const stream = inbox.streamOf(id);
          return stream === undefined ? null : oggFromStream(stream, 1);
        },
        async speak(ogg) {
          let stream: Uint8Array;
          let durationMs: number;
          try {
            stream = streamFromOgg(ogg);
            durationMs = validateStream(stream).durationMs;
          } catch (error) {
            return { refusal: (error as Error).message };
          }
          const messageId = await speakToToy(adult, toyId, stream);
          thieves.seek(stream);
          inbox.said(messageId, adult.nowS(), durationMs, stream);
          told(`the family said something: ${seconds(durationMs)}`);
          person.wake();
          return { id: idText(messageId) };
        },
      };
    },
    end() {
      clearInterval(counting);
      forget();
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
