// From the score to whole numbers: rows for the two renderers, and the one gain a sound that brings it to its loudness.
import { VOWELS } from './mouth.ts';
import { type Note, WAVES } from './note.ts';
import { type Row, sing } from './render.ts';
import { SCORE } from './score.ts';

/** A sound as both renderers take it. */
export interface Table {
  name: string;
  /** 12 bits of fraction, 1 to 65535. */
  gain: number;
  rows: readonly Row[];
}

/**
 * What level.c holds a speaker to (RMS 3277, peak 11626), less a margin: it is a net for messages from outside, and our own sounds do not
 * need it, so that the volume is what was set.
 */
const RMS_MOST = 3100;
const PEAK_MOST = 11_000;
/** RMS above the pitch where a small speaker and an ear begin: as loud as each other, as far as the two above allow. */
const HEARD_RMS = 2200;
const HEARD_FROM_HZ = 800;
/** RMS is over this long, the longest that level.c waits. */
const WINDOW = 2560;
const TRIAL_GAIN = 64;
const GAIN_MOST = 65_535;

/** The row of a note. Throws for one that the table cannot hold. */
export function rowOf(note: Note): Row {
  const row: Row = {
    ms: note.ms,
    fromPitch: Math.round(note.hz[0] * 8),
    toPitch: Math.round(note.hz[1] * 8),
    wave: WAVES.indexOf(note.wave ?? 'sine'),
    breath: Math.round(((note.breath ?? 0) * 256) / 100),
    fromMouth: VOWELS.indexOf(note.mouth[0]),
    toMouth: VOWELS.indexOf(note.mouth[1]),
    fromLoud: note.loud[0],
    toLoud: note.loud[1],
    attackMs: note.attackMs,
    releaseMs: note.releaseMs,
    trembleHz: note.tremble?.hz ?? 0,
    tremblePitch: note.tremble?.pitch ?? 0,
    trembleLoud: note.tremble?.loud ?? 0,
  };
  const isHeld =
    Object.values(row).every((value) => Number.isInteger(value) && value >= 0) &&
    row.ms > 0 &&
    row.ms <= 2000 &&
    Math.min(row.fromPitch, row.toPitch) >= 20 * 8 &&
    Math.max(row.fromPitch, row.toPitch) <= 4000 * 8 &&
    row.breath <= 255 &&
    row.attackMs + row.releaseMs <= row.ms &&
    Math.max(row.fromLoud, row.toLoud, row.tremblePitch, row.trembleLoud) <= 100 &&
    row.trembleHz <= 60;
  if (!isHeld) throw new Error(`a note that the table cannot hold: ${JSON.stringify(note)}`);
  return row;
}

/** The highest mean square of any WINDOW. */
function loudest(samples: ArrayLike<number>): number {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < samples.length; i++) {
    sum += samples[i]! ** 2;
    if (i >= WINDOW) sum -= samples[i - WINDOW]! ** 2;
    most = Math.max(most, sum);
  }
  return most / WINDOW;
}

/** Without what lies below HEARD_FROM_HZ, 6 dB an octave. */
function heard(samples: Int16Array): Float64Array {
  const keep = Math.exp((-2 * Math.PI * HEARD_FROM_HZ) / 16_000);
  const out = new Float64Array(samples.length);
  for (let i = 1; i < samples.length; i++) out[i] = keep * (out[i - 1]! + samples[i]! - samples[i - 1]!);
  return out;
}

/** The gain that makes a sound as loud as the others, and no louder than is safe. */
function gainOf(rows: readonly Row[]): number {
  const trial = sing(rows, TRIAL_GAIN, 100);
  const peak = trial.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const factor = Math.min(
    PEAK_MOST / peak,
    RMS_MOST / Math.sqrt(loudest(trial)),
    HEARD_RMS / Math.sqrt(loudest(heard(trial))),
  );
  return Math.max(1, Math.min(GAIN_MOST, Math.floor(TRIAL_GAIN * factor)));
}

const made: Table[] = [];

/** Sound `number` of the score, made when it is first wanted. Throws for a number that is none. */
export function tableOf(number: number): Table {
  const sound = SCORE[number];
  if (sound === undefined) throw new Error('no such sound');
  made[number] ??= (() => {
    const rows = sound.notes.map(rowOf);
    return { name: sound.name, gain: gainOf(rows), rows };
  })();
  return made[number];
}

/** Sound `number` at `volume` percent: 16 kHz mono of 16 bits, as the toy's C makes it. */
export function singSound(number: number, volume: number): Int16Array {
  const { rows, gain } = tableOf(number);
  return sing(rows, gain, volume);
}
