// The paper of a tag: the code on it reads as the tag, so do its letters, it is one page of A6, and only its owner may read the file.
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import decodeQR from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { drawTagSheet, linesOf } from '#app/flash/tag-sheet.ts';
import { writeTag } from '#cli/tag-file.ts';
import { decodeTag, encodeTag } from '#protocol/family/tag.ts';
import { run } from '../cli/command.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => (i * 73 + 5) & 255);
const DOTS = 4;

/** Paints the modules of the sheet's code, as a printer would, for a reader of pictures. */
function picture(svg: string): { width: number; height: number; data: Uint8Array } {
  const [, size, path] = /viewBox="0 0 (\d+) \d+" shape-rendering="crispEdges"><path d="([^"]+)"/.exec(svg)!;
  const side = Number(size) * DOTS;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, width] of path!.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * DOTS; row < (Number(y) + 1) * DOTS; row++)
      for (let column = Number(x) * DOTS; column < (Number(x) + Number(width)) * DOTS; column++)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  }
  return { width: side, height: side, data };
}

describe('the sheet', () => {
  const svg = drawTagSheet(secret, '0123456789abcdef0123456789abcdef');

  it('has a code that reads as the tag', () => {
    expect(decodeQR(picture(svg))).toBe(encodeTag(secret));
  });

  it('has letters that can be typed', () => {
    for (const line of linesOf(secret)) expect(svg).toContain(`>${line}<`);
    expect(decodeTag(linesOf(secret).join('\n'))).toEqual(secret);
  });

  it('is one page of A6, says what to do, and which toy it is', () => {
    expect(svg).toContain('width="105mm" height="148mm"');
    expect(svg).toContain('paw for 3 seconds');
    expect(svg).toContain('This is the key of the toy');
    expect(svg).toContain('toy 01234567<');
  });
});

describe('pawpost toy tag', () => {
  it('shows the tag, draws the sheet, and lets nobody else read it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawpost-tag-'));
    const [file, sheet] = [join(folder, 'tag'), join(folder, 'tag.svg')];
    writeTag(file, secret);
    writeFileSync(sheet, 'old', { mode: 0o644 });
    const { code, out, err } = await run(['toy', 'tag', '--file', file, '--out', sheet]);
    expect(code).toBe(0);
    expect(out).toContain(linesOf(secret).join('\n'));
    expect(err).toContain('key');
    expect(readFileSync(sheet, 'utf8')).toBe(drawTagSheet(secret));
    expect(statSync(sheet).mode & 0o777).toBe(0o600);
  });

  it('flash says what is wrong before it touches a cable', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'pawpost-none-'));
    const order = ['toy', 'flash', '--port', '/dev/nowhere', '--board', 'c3-plush', '--image', empty];
    const { code, err } = await run(order);
    expect(code).toBe(1);
    expect(err).toContain('lacks bootloader.bin, partition-table.bin, the application');
    expect(err).toContain('docs/building-a-toy.md');
    expect((await run([...order, '--baud', '12'])).err).toContain('no speed');
  });
});
