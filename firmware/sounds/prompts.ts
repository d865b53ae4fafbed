// What the toy says about itself, hummed and sung by one small voice, for a child who cannot read: up is good, down is not, and a question
// ends open. The numbers are those of firmware/voice.ts; what each means is in protocol/README.md section 11.
import type { Vowel } from './mouth.ts';
import { glide, type Note, rest, type Sound, type Voice } from './note.ts';

const singing: Voice = { wave: 'saw', attackMs: 20, releaseMs: 80, tremble: { hz: 6, pitch: 1 } };
const yawning: Voice = {
  wave: 'saw',
  breath: 20,
  attackMs: 120,
  releaseMs: 350,
  tremble: { hz: 5, pitch: 2 },
};

/** One syllable of the toy's voice: from the lips to `vowel`, and from one pitch to another. */
function sung(ms: number, vowel: Vowel, fromHz: number, toHz = fromHz): Note[] {
  return glide(singing, [0, fromHz, 100, 'u'], [40, fromHz, 100, vowel], [ms - 40, toHz, 80, vowel]);
}
/** With the lips closed. */
function hummed(ms: number, fromHz: number, toHz = fromHz): Note[] {
  return glide({ ...singing, attackMs: 40 }, [0, fromHz, 100, 'm'], [ms, toHz, 100, 'm']);
}
/** One stroke of a music box. */
function bell(ms: number, hz: number): Note[] {
  return glide({ attackMs: 6, releaseMs: 40 }, [0, hz, 100], [ms, hz, 15]);
}

/** In the order of their numbers, from 16. */
export const PROMPTS: readonly Sound[] = [
  // ta-da-da-daaa
  {
    name: 'paired',
    notes: [...sung(150, 'a', 523), ...sung(150, 'a', 659), ...sung(150, 'a', 784), ...sung(520, 'a', 1047)],
  },
  // uh-oh
  { name: 'no', notes: [...sung(170, 'a', 330, 320), rest(90), ...sung(360, 'o', 250, 205)] },
  // la la la, laaa: there was a pairing within the last day
  {
    name: 'new family',
    notes: [
      ...sung(170, 'a', 784),
      ...sung(170, 'e', 659),
      ...sung(170, 'a', 784),
      rest(60),
      ...sung(420, 'o', 523),
      ...bell(200, 1047),
    ],
  },
  // hm, hm, hmmm? Who is there?
  {
    name: 'pairing is open',
    notes: [...hummed(180, 392), rest(80), ...hummed(180, 392), rest(80), ...hummed(480, 392, 590)],
  },
  // wheee, and it is away
  {
    name: 'sent',
    notes: [
      ...glide({ attackMs: 30, releaseMs: 90 }, [0, 700, 60], [260, 1900, 90]),
      rest(30),
      ...bell(220, 2093),
    ],
  },
  // mm, mm, pfff: no more goes in
  {
    name: 'full',
    notes: [
      ...hummed(150, 330, 300),
      rest(60),
      ...hummed(150, 300, 270),
      rest(60),
      ...glide(
        { wave: 'saw', breath: 80, attackMs: 30, releaseMs: 250 },
        [0, 180, 90, 'o'],
        [420, 120, 30, 'm'],
      ),
    ],
  },
  // a yawn
  {
    name: 'battery is low',
    notes: glide(yawning, [0, 330, 40, 'm'], [420, 560, 100, 'a'], [820, 210, 20, 'm']),
  },
  // oh, oh, oh, oh, ooh, down and down: let go, or all is forgotten
  {
    name: 'about to forget',
    notes: [
      ...sung(230, 'o', 880),
      ...sung(230, 'o', 740),
      ...sung(230, 'o', 622),
      ...sung(230, 'o', 523),
      ...sung(400, 'u', 440, 370),
    ],
  },
  // hello? hello? I belong to nobody yet
  {
    name: 'nobody’s toy',
    notes: [
      ...sung(130, 'e', 440, 480),
      ...sung(330, 'o', 660, 590),
      rest(160),
      ...sung(130, 'e', 494, 540),
      ...sung(400, 'o', 740, 880),
    ],
  },
  // something is new: a stretch, and three bells
  {
    name: 'new program',
    notes: [
      ...glide({ ...singing, attackMs: 80 }, [0, 262, 50, 'm'], [400, 524, 100, 'a']),
      ...bell(150, 1047),
      ...bell(150, 1319),
      ...bell(380, 1568),
    ],
  },
];
