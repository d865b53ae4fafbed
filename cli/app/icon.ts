// The app's icon, a paw with a heart, from one drawing: as SVG, and as PNG for what takes no SVG.
import { deflateSync } from 'node:zlib';

/** On a square of 32; a mask may cut off all but the middle 80 %, where the paw is. */
const SIDE = 32;
const PAPER: Colour = [0xfb, 0xf6, 0xef];
const FUR: Colour = [0x8a, 0x5a, 0x3b];
const RED: Colour = [0xe5, 0x48, 0x4d];

type Colour = readonly [number, number, number];
interface Ellipse {
  x: number;
  y: number;
  rx: number;
  ry: number;
}

const PADS: readonly Ellipse[] = [
  { x: 16, y: 19, rx: 6.6, ry: 5.9 },
  { x: 9, y: 13.1, rx: 2.6, ry: 2.6 },
  { x: 13.4, y: 9, rx: 2.6, ry: 2.6 },
  { x: 18.6, y: 9, rx: 2.6, ry: 2.6 },
  { x: 23, y: 13.1, rx: 2.6, ry: 2.6 },
];
/** Half width of the heart's two rounds, and where their middles are. */
const HEART = { x: 16, y: 17.9, r: 1.7, tip: 22.4 };

/** The drawing as an SVG file. */
export function iconSvg(): string {
  const pads = PADS.map(({ x, y, rx, ry }) => `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}"/>`);
  const { x, y, r, tip } = HEART;
  const heart = `M${x} ${tip}L${x - 2 * r} ${y}a${r} ${r} 0 0 1 ${2 * r} 0 ${r} ${r} 0 0 1 ${2 * r} 0z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}"><title>Pawpost</title><rect width="${SIDE}" height="${SIDE}" fill="${hex(PAPER)}"/><g fill="${hex(FUR)}">${pads.join('')}</g><path fill="${hex(RED)}" d="${heart}"/></svg>\n`;
}

/** The drawing as a PNG file of `size` pixels a side. */
export function iconPng(size: number): Buffer {
  const rows: Buffer[] = [];
  for (let row = 0; row < size; row++) {
    const line = Buffer.alloc(1 + 3 * size);
    for (let column = 0; column < size; column++) line.set(pixel(column, row, size), 1 + 3 * column);
    rows.push(line);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  // 8 bits a channel, red green blue.
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Samples a pixel at 3 x 3 points. */
function pixel(column: number, row: number, size: number): number[] {
  const sum = [0, 0, 0];
  for (let i = 0; i < 9; i++) {
    const x = ((column + ((i % 3) + 0.5) / 3) * SIDE) / size;
    const y = ((row + (Math.floor(i / 3) + 0.5) / 3) * SIDE) / size;
    for (const [channel, value] of colourAt(x, y).entries()) sum[channel]! += value;
  }
  return sum.map((value) => Math.round(value / 9));
}

function colourAt(x: number, y: number): Colour {
  if (isInHeart(x, y)) return RED;
  return PADS.some((pad) => ((x - pad.x) / pad.rx) ** 2 + ((y - pad.y) / pad.ry) ** 2 <= 1) ? FUR : PAPER;
}

function isInHeart(x: number, y: number): boolean {
  const { r, tip } = HEART;
  const aside = Math.abs(x - HEART.x);
  if (y <= HEART.y) return (aside - r) ** 2 + (y - HEART.y) ** 2 <= r ** 2;
  return aside <= (2 * r * (tip - y)) / (tip - HEART.y);
}

function hex(colour: Colour): string {
  return `#${Buffer.from(colour).toString('hex')}`;
}

/** PNG (second edition), section 5.3: length, type, data, CRC. */
function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + typed.length);
  frame.writeUInt32BE(data.length, 0);
  frame.set(typed, 4);
  frame.writeUInt32BE(crc32(typed), 4 + typed.length);
  return frame;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
