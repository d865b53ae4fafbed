// A small picture in each part's box, so that it is found at a glance.
import { circle, INK, text } from '#app/flash/ink.ts';
import type { Wire } from '#boards/wiring/rules.ts';
import { CELL, supplyColour, wire } from './ink.ts';

/** The picture of a part around (x, y). */
export function drawIcon(part: Wire['part'], x: number, y: number): string {
  switch (part) {
    case 'microphone':
      return [
        circle(x, y, 30, '#c9a84c', INK),
        circle(x, y, 5, INK),
        ...[0, 1, 2, 3, 4, 5].map((at) => {
          const angle = (at * Math.PI) / 3;
          return circle(
            Math.round(x + 21 * Math.cos(angle)),
            Math.round(y + 21 * Math.sin(angle)),
            4,
            '#f4ead0',
          );
        }),
      ].join('');
    case 'amplifier':
      return [
        `<path d="M${x - 22},${y - 12} h14 l18,-16 v56 l-18,-16 h-14 z" fill="#5b6270" stroke="${INK}" stroke-width="1.5"/>`,
        `<path d="M${x + 18},${y - 14} q10,14 0,28 M${x + 27},${y - 22} q16,22 0,44" fill="none" stroke="${INK}" stroke-width="3" stroke-linecap="round"/>`,
        text(x, y + 46, 'OUT + and − to a', { size: 11, anchor: 'middle' }),
        text(x, y + 61, 'speaker, 8 Ω 1 W', { size: 11, anchor: 'middle' }),
      ].join('');
    case 'paw':
      return [
        `<ellipse cx="${x}" cy="${y + 8}" rx="17" ry="14" fill="#b98a63"/>`,
        ...[
          [-21, -6],
          [-8, -18],
          [8, -18],
          [21, -6],
        ].map(([dx, dy]) => circle(x + dx!, y + dy!, 6, '#b98a63')),
      ].join('');
    case 'heart':
      return `<path d="M${x},${y + 20} c-34,-22 -26,-46 -10,-44 c6,1 10,6 10,11 c0,-5 4,-10 10,-11 c16,-2 24,22 -10,44 z" fill="#d3143a"/>`;
    case 'battery':
      return [
        wire(
          [
            [x, y - 38],
            [x, y + 38],
          ],
          INK,
          '#ffffff',
        ),
        `<rect x="${x - 8}" y="${y - 30}" width="16" height="24" fill="#ffffff" stroke="${INK}" stroke-width="2"/>`,
        `<rect x="${x - 8}" y="${y + 6}" width="16" height="24" fill="#ffffff" stroke="${INK}" stroke-width="2"/>`,
        wire(
          [
            [x, y],
            [x + 30, y],
          ],
          '#8a7a00',
          '#ffffff',
        ),
        circle(x, y - 38, 4, CELL),
        circle(x, y + 38, 4, supplyColour('GND')),
        circle(x, y, 4, '#8a7a00'),
        text(x - 14, y - 18, '100 kΩ', { size: 10, anchor: 'end' }),
        text(x - 14, y + 18, '100 kΩ', { size: 10, anchor: 'end' }),
      ].join('');
  }
}
