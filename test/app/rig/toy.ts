// A simulated toy in a room, as a family unpacks it: the shipped program on a flash of its own, powered up, paired with nobody.
import * as board from '#boards/c3-plush.ts';
import type { Room } from '#cli/room.ts';
import { buildToy } from '#firmware/build/build.ts';
import {
  createMicrophone,
  createRememberingSpeaker,
  type RememberingSpeaker,
} from '#firmware/simulator/sound.ts';
import { createToy, type Toy } from '#firmware/simulator/toy.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { sodium } from '#protocol/sodium/ready.ts';

/** Built once a process: it takes seconds. */
let program: Promise<string> | null = null;

const TAP_MS = 150;

export interface RiggedToy {
  readonly toy: Toy;
  readonly speaker: RememberingSpeaker;
  /** The secret of its tag. */
  readonly tag: Uint8Array;
  /** The built-in sounds so far: 0-15 are the animals. */
  sung(): number[];
  setInRange(isInRange: boolean): void;
  /** Holds the paw until the heart says that pairing is open. */
  holdToPair(): Promise<void>;
  /** Holds the paw while the child speaks. */
  say(ms: number): Promise<void>;
  tap(): Promise<void>;
}

/** `said`: what its microphone hears; a built-in voice if left out. */
export async function addRiggedToy(room: Room, said: Int16Array = createVoice()): Promise<RiggedToy> {
  program ??= buildToy('c3-plush').then(({ code }) => code);
  const tag = sodium.randombytes_buf(32);
  const speaker = createRememberingSpeaker();
  const { peripheral, setInRange } = room.addToy();
  const toy = createToy({
    bundle: await program,
    board,
    peripheral,
    microphone: createMicrophone(said),
    speaker,
    tagSecret: tag,
  });
  await toy.start();
  const happens = (isIt: (event: (typeof toy.events)[number]) => boolean) =>
    new Promise<void>((resolve) => {
      const forget = toy.onEvent((event) => {
        if (!isIt(event)) return;
        forget();
        resolve();
      });
    });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  return {
    toy,
    speaker,
    tag,
    sung: () => speaker.tones.map(({ sound }) => sound),
    setInRange,
    async holdToPair() {
      const beats = happens((event) => event.kind === 'heart' && event.isLit);
      toy.press();
      await beats;
      toy.release();
    },
    async say(ms) {
      const listens = happens((event) => event.kind === 'microphone' && event.isOpen);
      toy.press();
      await listens;
      await pause(ms);
      toy.release();
    },
    async tap() {
      toy.press();
      await pause(TAP_MS);
      toy.release();
    },
  };
}
