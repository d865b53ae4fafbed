// The toy's built-in sounds, drawn with oscillators: the sixteen animals, and what the toy says about itself.

/** Milliseconds from the beginning, length, and the pitch at both ends in Hz. */
type Note = readonly [atMs: number, lengthMs: number, fromHz: number, toHz: number];

interface Sound {
  wave: OscillatorType;
  notes: readonly Note[];
}

/** By the number of the sound (firmware/native/native.d.ts). */
const SOUNDS: readonly Sound[] = [
  {
    wave: 'triangle',
    notes: [
      [0, 220, 520, 880],
      [220, 480, 880, 440],
    ],
  }, // cat
  {
    wave: 'sawtooth',
    notes: [
      [0, 130, 420, 240],
      [240, 150, 400, 210],
    ],
  }, // dog
  { wave: 'sawtooth', notes: [[0, 900, 165, 120]] }, // cow
  {
    wave: 'sawtooth',
    notes: [
      [0, 120, 400, 370],
      [130, 120, 410, 370],
      [260, 120, 400, 360],
      [390, 260, 390, 330],
    ],
  }, // sheep
  {
    wave: 'square',
    notes: [
      [0, 130, 480, 360],
      [220, 130, 480, 360],
      [440, 130, 480, 350],
    ],
  }, // duck
  {
    wave: 'square',
    notes: [
      [0, 90, 140, 190],
      [110, 160, 190, 260],
      [460, 90, 140, 190],
      [570, 160, 190, 260],
    ],
  }, // frog
  {
    wave: 'sine',
    notes: [
      [0, 260, 400, 380],
      [420, 520, 400, 340],
    ],
  }, // owl
  {
    wave: 'sawtooth',
    notes: [
      [0, 130, 900, 820],
      [130, 130, 840, 700],
      [260, 150, 730, 580],
      [410, 220, 600, 380],
    ],
  }, // horse
  {
    wave: 'sawtooth',
    notes: [
      [0, 250, 95, 150],
      [250, 750, 150, 70],
    ],
  }, // lion
  {
    wave: 'sawtooth',
    notes: [
      [0, 350, 215, 235],
      [350, 350, 235, 205],
      [700, 300, 205, 250],
    ],
  }, // bee
  {
    wave: 'sine',
    notes: [
      [0, 80, 2500, 3100],
      [160, 80, 2500, 3100],
      [320, 110, 2600, 3300],
    ],
  }, // mouse
  {
    wave: 'square',
    notes: [
      [0, 140, 590, 620],
      [160, 140, 780, 800],
      [320, 220, 980, 1040],
      [560, 420, 1040, 660],
    ],
  }, // rooster
  {
    wave: 'sawtooth',
    notes: [
      [0, 140, 260, 180],
      [230, 140, 270, 180],
      [460, 220, 280, 150],
    ],
  }, // pig
  {
    wave: 'sawtooth',
    notes: [
      [0, 160, 350, 700],
      [160, 500, 700, 880],
      [660, 200, 880, 620],
    ],
  }, // elephant
  {
    wave: 'sine',
    notes: [
      [0, 350, 330, 620],
      [350, 450, 620, 600],
      [800, 450, 600, 360],
    ],
  }, // wolf
  {
    wave: 'sine',
    notes: [
      [0, 260, 784, 784],
      [320, 420, 622, 622],
    ],
  }, // cuckoo
  {
    wave: 'triangle',
    notes: [
      [0, 150, 523, 523],
      [150, 150, 659, 659],
      [300, 150, 784, 784],
      [450, 400, 1047, 1047],
    ],
  }, // paired
  {
    wave: 'triangle',
    notes: [
      [0, 200, 220, 220],
      [280, 400, 175, 175],
    ],
  }, // no
  {
    wave: 'triangle',
    notes: [
      [0, 150, 784, 784],
      [150, 150, 659, 659],
      [300, 150, 784, 784],
      [450, 350, 523, 523],
    ],
  }, // paired yesterday
];
/** Against clicks. */
const FADE_S = 0.012;
/** Sharp waves sound louder than round ones. */
const LOUDNESS: Partial<Record<OscillatorType, number>> = { sawtooth: 0.16, square: 0.12, triangle: 0.35 };

/** `gain` from 0 to 1. */
export function playSound(context: AudioContext, number: number, gain: number): void {
  const sound = SOUNDS[number];
  if (sound === undefined) return;
  const begin = context.currentTime + 0.02;
  const loud = gain * (LOUDNESS[sound.wave] ?? 0.4);
  for (const [atMs, lengthMs, fromHz, toHz] of sound.notes) {
    const from = begin + atMs / 1000;
    const to = from + lengthMs / 1000;
    const oscillator = context.createOscillator();
    const envelope = context.createGain();
    oscillator.type = sound.wave;
    oscillator.frequency.setValueAtTime(fromHz, from);
    oscillator.frequency.linearRampToValueAtTime(toHz, to);
    envelope.gain.setValueAtTime(0, from);
    envelope.gain.linearRampToValueAtTime(loud, from + FADE_S);
    envelope.gain.setValueAtTime(loud, to - FADE_S);
    envelope.gain.linearRampToValueAtTime(0, to);
    oscillator.connect(envelope).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(to);
  }
}
