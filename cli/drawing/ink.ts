// What a drawing is made of besides text: boxes and lines in SVG, and the colours that tell wires apart.
import { INK, text } from '#app/flash/ink.ts';
import type { Wire } from '#boards/wiring/rules.ts';

export const PAPER = '#fffdf8';
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
