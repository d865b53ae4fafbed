// Text and dots in SVG: what a printed page is made of.

export const INK = '#2b2622';
export const FAINT = '#8b837b';

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

export function circle(x: number, y: number, radius: number, fill: string, stroke = 'none'): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`;
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
