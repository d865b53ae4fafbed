// A simulated toy in a room, as a family unpacks it: the shipped program on a flash of its own, powered up, paired with nobody.
import type { KeyObject } from 'node:crypto';
import * as board from '#boards/c3-plush.ts';
import { publicBytes } from '#cli/app/signing.ts';
import { releaseOf } from '#cli/release.ts';
import type { Room } from '#cli/room.ts';
import {
  createMicrophone,
  createRememberingSpeaker,
  type RememberingSpeaker,
} from '#firmware/simulator/sound.ts';
import { createToy, type Toy } from '#firmware/simulator/toy.ts';
import { createVoice } from '#firmware/simulator/voice.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import { builtToy } from '#test/support/built-toys.ts';

/** Built once a process: it takes seconds. */
let program: Promise<string> | null = null;

function programNow(): Promise<string> {
  program ??= builtToy(board.BOARD).then(({ code }) => code);
  return program;
}

async function madeBy({ maker, release }: Made) {
  return { maker: publicBytes(maker), program: (await releaseOf(maker, board.BOARD, release)).program };
}

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

/** The maker of a toy, and the release (x.y.z) of the program that he put into it. */
export interface Made {
  maker: KeyObject;
  release: string;
}

/** `said`: what its microphone hears; a built-in voice if left out. Without `made` it has no maker, and runs today's program unsigned. */
export async function addRiggedToy(
  room: Room,
  said: Int16Array = createVoice(),
  made?: Made,
): Promise<RiggedToy> {
  const tag = sodium.randombytes_buf(32);
  const speaker = createRememberingSpeaker();
  const { peripheral, setInRange } = room.addToy();
  const toy = createToy({
    ...(made === undefined ? { bundle: await programNow() } : { made: await madeBy(made) }),
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
