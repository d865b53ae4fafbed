// Mouths: three resonances in a row give a throat's buzz the colour of a vowel. A resonance is one line of arithmetic a sample (D. H. Klatt,
// "Software for a cascade/parallel formant synthesizer", 1980); between two mouths its two numbers move in a straight line, on which it stays
// stable.

export const SAMPLE_HZ = 16_000;
/** Fraction bits of a resonance's numbers. */
export const MOUTH_BITS = 14;

/** Centre and width of each resonance in Hz: those of a small mouth, a fifth above an adult's. */
const FORMANTS = {
  a: [950, 120, 1500, 150, 3000, 300],
  e: [600, 100, 2300, 200, 3200, 300],
  i: [350, 90, 2800, 250, 3500, 350],
  o: [560, 100, 980, 120, 2900, 300],
  u: [380, 90, 850, 110, 2800, 300],
  // Closed lips, humming.
  m: [280, 90, 1250, 400, 2600, 500],
  // A beak: wide, through the nose.
  q: [900, 150, 2100, 250, 3400, 300],
  // A big animal's throat.
  r: [480, 180, 1050, 250, 2400, 400],
} as const;

/** `open` shapes nothing. */
export const VOWELS = ['open', 'a', 'e', 'i', 'o', 'u', 'm', 'q', 'r'] as const;
export type Vowel = (typeof VOWELS)[number];

/**
 * The three resonances of a mouth as [b, c, b, c, b, c] with MOUTH_BITS of fraction: y = (1 - b - c) x + b y[-1] + c y[-2]. All zero, they
 * change nothing.
 */
export function mouthNumbers(vowel: Vowel): number[] {
  if (vowel === 'open') return [0, 0, 0, 0, 0, 0];
  const formants = FORMANTS[vowel];
  const scale = 1 << MOUTH_BITS;
  return [0, 2, 4].flatMap((at) => {
    const radius = Math.exp((-Math.PI * formants[at + 1]!) / SAMPLE_HZ);
    const b = 2 * radius * Math.cos((2 * Math.PI * formants[at]!) / SAMPLE_HZ);
    return [Math.round(b * scale), Math.round(-radius * radius * scale)];
  });
}
