// The pictures in docs/boards are what the facts say now, each wire is in them, and the lanes between board and parts cross as little as can be.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wiresOf } from '#boards/wiring/rules.ts';
import { drawToy } from '#cli/drawing/drawing.ts';
import { crossingsOf, type Net, orderLanes, ordersOf } from '#cli/drawing/lanes.ts';
import { everyBoard } from './every-board.ts';

const FOLDER = fileURLToPath(new URL('../../docs/boards/', import.meta.url));
const all = await everyBoard();
// c3-stock is c3-plush with another image: the same wires.
const boards = all.filter(({ name }) => name !== 'c3-stock').map((built) => [built.name, built] as const);

describe('docs/boards', () => {
  it('has a picture for every board, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(boards.map(([name]) => `${name}.svg`).sort());
  });

  it.each(boards)(
    '%s is drawn from its facts as they are: pawpost toy drawing --board … --out …',
    (name, built) => {
      const kept = readFileSync(`${FOLDER}${name}.svg`, 'utf8');
      expect(drawToy(built.board, built.wiring) === kept).toBe(true);
    },
  );

  it.each(boards)(
    '%s shows every wire by its number: at the part, and in the list',
    (_, { board, wiring }) => {
      const svg = drawToy(board, wiring);
      for (const { pin, isOnboard, reason } of wiresOf(board, wiring)) {
        const labels = svg.split(`>GPIO ${pin}<`).length - 1;
        const times = wiresOf(board, wiring).filter((wire) => wire.pin === pin);
        const laid = times.filter((wire) => !wire.isOnboard).length;
        expect(labels).toBeGreaterThanOrEqual(times.length + laid);
        if (!isOnboard) expect(svg).toContain(reason.why.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
      }
    },
  );

  it.each(boards)('%s is well formed, and nothing in it leaves the page', (_, { board, wiring }) => {
    const svg = drawToy(board, wiring);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
    for (const [, x, y] of svg.matchAll(/ x="(-?[\d.]+)" y="(-?[\d.]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThan(width!);
      expect(Number(y)).toBeGreaterThanOrEqual(0);
      expect(Number(y)).toBeLessThan(height!);
    }
    expect(svg).not.toMatch(/NaN|undefined|href|<script/);
    const opened = svg.match(/<(svg|title|text)\b/g)!.length;
    expect(svg.match(/<\/(svg|title|text)>/g)!.length).toBe(opened);
  });

  it('another pin is another picture', () => {
    const { board, wiring } = all.find(({ name }) => name === 'c3-plush')!;
    expect(drawToy({ ...board, HEART_PIN: 20 }, wiring)).not.toBe(drawToy(board, wiring));
  });
});

describe('lanes', () => {
  it('are in an order that no other order beats', () => {
    const net = fc.record({
      pin: fc.nat(48),
      from: fc.nat(400),
      to: fc.array(fc.nat(400), { minLength: 1, maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(net, { maxLength: 5 }), (nets: Net[]) => {
        const order = orderLanes(nets);
        expect(order.length).toBe(nets.length);
        expect(nets.every((each) => order.includes(each))).toBe(true);
        const fewest = Math.min(...[...ordersOf(nets)].map(crossingsOf));
        expect(crossingsOf(order)).toBe(fewest);
      }),
    );
  });
});
