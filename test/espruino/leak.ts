// A thousand clips, in and out, over one link: what the toy holds when nothing goes on must not grow with them. Its clock runs fast and sound
// takes no time, so that this takes minutes.
import { splitPackets } from '#protocol/audio/stream.ts';
import { type Life, sleep, startLife } from './life.ts';

const PACKET_SAMPLES = 960;
const PRE_SKIP_SAMPLES = 104;
/** Times faster than the world. */
const CLOCK = 20;
/** A little longer than a tap. */
const SPOKEN_MS = 600;
/** From touch to touch, until the first has been understood. */
const ANSWER_MS = 5000;
/** Two slots are given up each turn: erased sector by sector, or there is no room for the next. */
const ERASE_MS = 4000;
const TURNS = 500;
/** From here on every number has been as large, and every slot as full, as they get. */
const SETTLED_TURNS = 100;
const TURN_MS = 30_000;
/** One variable forgotten in a hundred clips is as much. Timers come and go, and a number beyond 2047 takes one more. */
const GROWTH_MAX = 8;
/** By the toy's clock, until the last recording, message and erased slot are done with. */
const REST_MS = 8000;
const TOLD_TURNS = 50;

export interface Leak {
  clips: number;
  /** Variables in use when nothing goes on, as on a C3: when SETTLED_TURNS were over, and at the end. */
  settled: number;
  last: number;
}

/** Rejects when more variables are used at the end. `told` hears how far it is. */
export async function checkLeak(told: (turns: string) => void): Promise<Leak> {
  const life = await startLife({ spokenSeconds: 1, isFast: true, clock: CLOCK });
  try {
    await life.pair();
    const visit = await life.household.visit(life.line.radio);
    let settled = 0;
    let last = 0;
    for (let turn = 1; turn <= TURNS; turn++) {
      let where = '';
      const late = sleep(TURN_MS).then(() => {
        throw new Error(`turn ${turn} is still ${where}`);
      });
      const at = (now: string) => {
        where = now;
      };
      await Promise.race([inAndOut(life, visit, at), late]);
      life.check();
      if (turn % TOLD_TURNS !== 0) continue;
      await life.pass(REST_MS);
      last = await life.variablesAtRest();
      if (turn === SETTLED_TURNS) settled = last;
      told(`${2 * turn} clips, ${last} variables`);
    }
    await visit.leave();
    if (last - settled > GROWTH_MAX) throw new Error(`${settled} variables became ${last}`);
    return { clips: 2 * TURNS, settled, last };
  } finally {
    await life.end();
  }
}

type Visit = Awaited<ReturnType<Life['household']['visit']>>;

/** A recording leaves, comes back as a message, and is listened to. `at` hears where it is. */
async function inAndOut(life: Life, visit: Visit, at: (where: string) => void): Promise<void> {
  at('speaking');
  const stream = await until(visit.recording(), life, () => life.hold(SPOKEN_MS));
  at('bringing');
  // A tap too many may play it as soon as it is there.
  const before = life.heardBytes();
  const message = await visit.deliver(stream);
  // A second tap would hear the last message again.
  await life.pass(SPOKEN_MS);
  at('listening');
  await until(visit.heard(message), life, life.tap);
  const heard = (life.heardBytes() - before) / 2;
  const expected = splitPackets(stream).length * PACKET_SAMPLES - PRE_SKIP_SAMPLES;
  if (heard < expected) throw new Error(`${heard} of ${expected} samples were heard`);
  await life.pass(ERASE_MS);
}

/** Touches the paw until it was understood: at this pace, on a busy machine, a tap may be too long and a word too short. */
async function until<T>(wanted: Promise<T>, life: Life, touch: () => Promise<void>): Promise<T> {
  let isThere = false;
  const there = wanted.finally(() => {
    isThere = true;
  });
  while (!isThere) {
    await touch();
    await Promise.race([there, life.pass(ANSWER_MS)]);
  }
  return there;
}
