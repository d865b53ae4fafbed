// Between the pages and what is on the table: what a page does reaches toy, phone and Pi, what they do reaches every page.
import { qrPath } from '#app/codes/draw.ts';
import type { Speaker } from '#firmware/simulator/sound.ts';
import { SCORE } from '#firmware/sounds/score.ts';
import { ANIMALS } from '#protocol/link/animals.ts';
import type { Ears } from './ears.ts';
import type { House } from './house.ts';
import { createPaw } from './paw.ts';
import type { Pi } from './pi.ts';
import type { RoomRadios } from './room-radio.ts';
import type { PageServer, Scene } from './server.ts';
import type { Thieves } from './thieves.ts';
import type { Tag } from './wire.ts';

/** How often thieves are counted while somebody watches. */
const COUNT_MS = 2_000;

export interface Play {
  /** What the toy is given when it is made. */
  readonly speaker: Speaker;
  linked(isLinked: boolean): void;
  /** Everything is there: the scene of the pages. */
  begin(house: House, radios: RoomRadios, pi: Pi): Scene;
  end(): void;
}

/** `told` hears, in a line each, what the toy does and what goes wrong. */
export function createPlay(
  server: PageServer,
  ears: Ears,
  thieves: Thieves,
  told: (line: string) => void,
): Play {
  let isLinked = false;
  let volume = 0;
  let isSpeaking = false;
  let isListening = false;
  let counting: NodeJS.Timeout | undefined;
  let forget = () => {};

  function complain(text: string): void {
    told(text);
    server.tell({ kind: 'trouble', text });
  }
  function speaking(isOpen: boolean): void {
    isSpeaking = isOpen;
    if (isOpen) thieves.begin();
    server.tell({ kind: 'speaker', isOpen, volume });
  }
  function listening(isOpen: boolean): void {
    isListening = isOpen;
    if (isOpen) thieves.begin();
    told(isOpen ? 'the toy listens' : 'the toy has stopped listening');
    server.tell({ kind: 'microphone', isOpen });
  }

  return {
    speaker: {
      open: (percent) => {
        volume = percent;
        told('the toy plays a message');
        speaking(true);
      },
      write: (samples) => server.play(samples),
      close: () => speaking(false),
      tone: (sound, percent) => {
        told(`the toy ${sound < ANIMALS.length ? 'sings' : 'says'}: ${SCORE[sound]?.name}`);
        server.tell({ kind: 'tone', sound, volume: percent });
      },
    },
    linked: (isSo) => {
      if (isSo !== isLinked) told(isSo ? 'somebody is connected with the toy' : 'the toy is alone');
      isLinked = isSo;
      server.tell({ kind: 'toy', isLinked });
    },
    begin({ toy, relay, tag: text }, radios, pi) {
      const paw = createPaw(toy, ears);
      const tag: Tag = { text, ...qrPath(text) };
      forget = toy.onEvent((event) => {
        if (event.kind === 'heart') server.tell({ kind: 'heart', isLit: event.isLit });
        else if (event.kind === 'microphone') listening(event.isOpen);
        else if (event.kind === 'error') complain(`the toy’s program failed: ${event.message}`);
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
            { kind: 'tag', tag },
            { kind: 'toy', isLinked },
            { kind: 'heart', isLit: toy.heart.isLit },
            { kind: 'microphone', isOpen: isListening },
            { kind: 'speaker', isOpen: isSpeaking, volume },
            { kind: 'phone', isNear: radios.isNear },
            { kind: 'pi', pi: pi.state },
          ];
        },
        said: (page, word) => {
          if (word.kind === 'press') paw.press(page, word.ears);
          else if (word.kind === 'release') paw.release(page);
          else if (word.kind === 'invite-pi') pi.invite(word.invitation);
          else {
            radios.setNear(word.isNear);
            told(word.isNear ? 'the phone is back beside the toy' : 'the phone is carried away from the toy');
            server.tell(word);
          }
        },
        heard: (page, samples) => {
          if (paw.isHeldBy(page)) ears.hear(samples);
        },
        left: (page) => paw.release(page),
        radio: (app) => radios.welcome(app),
      };
    },
    end() {
      clearInterval(counting);
      forget();
    },
  };
}
