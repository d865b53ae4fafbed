// What a drawing is made of: text, boxes and lines in SVG, and the colours that tell wires apart.
import type { Wire } from '#boards/wiring/rules.ts';

export const PAPER = '#fffdf8';
export const INK = '#2b2622';
export const FAINT = '#8b837b';
export const CELL = '#e07b00';
const GROUND = '#222222';
const SUPPLY = '#b3261e';

/** The colour of a wire: one a signal, far enough apart for eyes that see few colours. */
export function colourOf({ part, signal }: Pick<Wire, 'part' | 'signal'>): string {
  switch (signal) {
    case 'clock':
      return '#0072b2';
    case 'select':
      return '#009e73';
    case 'data':
      return part === 'microphone' ? '#c2569a' : '#d55e00';
    case 'enable':
      return '#7b4b2a';
    case 'touch':
      return '#6a4fb3';
    case 'light':
      return '#d3143a';
    case 'volts':
      return '#8a7a00';
  }
}

/** The colour of a supply by its name. */
export function supplyColour(name: string): string {
  if (name === 'GND') return GROUND;
  return name.startsWith('cell') ? CELL : SUPPLY;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export interface TextLook {
  size?: number;
  colour?: string;
  weight?: 'bold' | 'normal';
  anchor?: 'start' | 'middle' | 'end';
  italic?: boolean;
}

/** One line of text; `y` is its middle. */
export function text(x: number, y: number, said: string, look: TextLook = {}): string {
  const { size = 13, colour = INK, weight = 'normal', anchor = 'start', italic = false } = look;
  const style = italic ? ' font-style="italic"' : '';
  return `<text x="${x}" y="${y + Math.round(size * 0.35)}" font-size="${size}" fill="${colour}" font-weight="${weight}" text-anchor="${anchor}"${style}>${escapeXml(said)}</text>`;
}

export interface BoxLook {
  fill?: string;
  stroke?: string;
  radius?: number;
  dashed?: boolean;
}

export function box(x: number, y: number, width: number, height: number, look: BoxLook = {}): string {
  const { fill = 'none', stroke = INK, radius = 6, dashed = false } = look;
  const dash = dashed ? ' stroke-dasharray="5 4"' : '';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"${dash}/>`;
}

export function circle(x: number, y: number, radius: number, fill: string, stroke = 'none'): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`;
}

export type Point = readonly [number, number];

/** A bent wire; a halo beneath it keeps crossings legible, and is left out where wires meet. */
export function wire(points: readonly Point[], colour: string, halo: string | null = PAPER): string {
  const path = points.map(([x, y]) => `${x},${y}`).join(' ');
  const common = `points="${path}" fill="none" stroke-linejoin="round" stroke-linecap="round"`;
  const beneath = halo === null ? '' : `<polyline ${common} stroke="${halo}" stroke-width="7"/>`;
  return `${beneath}<polyline ${common} stroke="${colour}" stroke-width="3"/>`;
}

/** A small coloured label with white letters, `y` its middle; `x` its left or right end. */
export function pill(x: number, y: number, width: number, said: string, colour: string): string {
  return (
    `<rect x="${x}" y="${y - 10}" width="${width}" height="20" rx="10" fill="${colour}"/>` +
    text(x + width / 2, y, said, { size: 12, colour: '#ffffff', weight: 'bold', anchor: 'middle' })
  );
}

/** Cuts text into lines of at most `letters`. */
export function wrap(said: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of said.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
