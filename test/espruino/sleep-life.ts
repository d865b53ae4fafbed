// A toy with an empty battery sleeps; a touch wakes it, and the word that began with the touch is kept whole. In real time from the touch on.
import { validateStream } from '#protocol/audio/stream.ts';
import { hear } from './conversation.ts';
import { CHARGED, EMPTY, startLife } from './life.ts';
import { toyProgram } from './toy-program.ts';

/** A board that measures its battery and can be woken by its paw. */
const BOARD = 'c3-plush';
const SPOKEN_S = 3;
const PACKET_MS = 60;
const MISSING = 1;
/** A low battery's ten minutes alone, in seconds. */
const CLOCK = 60;

/** Rejects with the first thing that goes wrong; the number of steps. */
export async function sleepLife(): Promise<number> {
  const life = await startLife({ program: await toyProgram(BOARD), spokenSeconds: SPOKEN_S });
  try {
    await life.pair();
    await life.cutPower({ clock: CLOCK, charge: EMPTY });
    await life.asleep();
    life.check();
    await life.cutPower({ clock: 1, charge: CHARGED, isTouched: true });
    await life.hold(SPOKEN_S * 1000);
    const visit = await life.household.visit(life.line.radio);
    const stream = await visit.recording();
    await visit.leave();
    life.check();
    const { packets } = validateStream(stream);
    if (packets < (SPOKEN_S * 1000) / PACKET_MS - MISSING) throw new Error(`${packets} packets are left`);
    // From the first sample on.
    await hear(life, stream, SPOKEN_S, 0);
    life.check();
    return 3;
  } finally {
    await life.end();
  }
}
