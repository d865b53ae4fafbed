// The jig's patience with a simulated unit, which answers at once.
import type { JigPatience } from '#cli/jig/unit.ts';

export const QUICK: JigPatience = {
  answerMs: 400,
  startMs: 5000,
  touchMs: 700,
  lookMs: 2,
  litMs: 1,
  speakMs: 600,
  roomMs: 130,
  airMs: 400,
};
