// The console of a toy: it answers in spite of bad cables, lets a program run if it is asked to, and a tag goes in once whatever comes off.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Console, ConsoleFault, openConsole } from '#app/flash/console.ts';
import type { TagKeeper } from '#app/flash/identity.ts';
import { askToyId, giveTag } from '#app/flash/identity.ts';
import { createPageTags } from '#app/flash/page-tags.ts';
import { isProgramRunning, ownToy } from '#app/flash/program.ts';
import { createTagFiles } from '#cli/flash/tag-files.ts';
import { idText } from '#protocol/family/member.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { type Board, createBoard } from './board.ts';
import { createEspruinoChip, type EspruinoChip } from './espruino-chip.ts';
import { flashBoard, madeProgram } from './made-program.ts';
import { createMemoryTags } from './memory-tags.ts';

/** A simulated chip answers at once. */
const QUICK = { answerMs: 40, startMs: 1500 };
const IMAGE_AT = 0x10000;
const made = madeProgram(1);

interface Toy {
  chip: EspruinoChip;
  board: Board;
}

function makeToy(): Toy {
  const chip = createEspruinoChip();
  const board = createBoard({ flash: chip.flash, run: (send) => chip.run(send) });
  board.flash[IMAGE_AT] = 0xe9;
  board.plug();
  return { chip, board };
}

async function inConsole<T>(
  { board }: Toy,
  act: (console: Console) => Promise<T>,
  isGuest = false,
): Promise<T> {
  const console = await openConsole(board.port, QUICK, isGuest);
  try {
    return await act(console);
  } finally {
    await console.close();
  }
}

describe('the console', () => {
  it('answers, and says what was thrown', async () => {
    await inConsole(makeToy(), async (console) => {
      expect(await console.ask('[1,"a\\"b",null]')).toEqual([1, 'a"b', null]);
      await expect(console.ask('nothing.there')).rejects.toThrow(ConsoleFault);
      await console.restart('reset()');
      expect(await console.ask('2')).toBe(2);
    });
  });

  it('says nothing that its input cannot hold', async () => {
    await inConsole(makeToy(), async (console) => {
      await expect(console.ask(`"${'x'.repeat(500)}"`)).rejects.toThrow(RangeError);
    });
  });

  it('is missed where nothing runs', async () => {
    const dead = createBoard();
    await expect(openConsole(dead.port, QUICK)).rejects.toMatchObject({
      code: 'console',
      advice: expect.stringContaining('RESET'),
    });
    expect(dead.port.readable).toBeNull();
  });

  it('answers beside a program, which a guest does not interrupt', async () => {
    const toy = makeToy();
    expect(await inConsole(toy, isProgramRunning)).toBe(false);
    await inConsole(toy, (console) => ownToy(console, made.maker, flashBoard()));
    toy.chip.flash.set(slotImage(made.signed), flashBoard().programsAddress);
    toy.board.pull();
    toy.board.plug();
    // A bad cable: each question is said twice.
    let said = 0;
    toy.board.toChip = (bytes) => (bytes.length > 100 && said++ % 2 === 0 ? bytes.slice(0, 60) : bytes);
    await inConsole(
      toy,
      async (console) => {
        expect(await isProgramRunning(console)).toBe(true);
        expect(await console.ask('7')).toBe(7);
      },
      true,
    );
    expect(said).toBeGreaterThan(3);
    expect(toy.chip.interruptions).toBe(0);
    await inConsole(toy, async (console) => {
      await console.restart('reset()');
      expect(await isProgramRunning(console)).toBe(false);
    });
  });
});

describe('what makes a toy of a board', () => {
  const tags = () => createMemoryTags();
  const files = () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawpost-tags-'));
    return createTagFiles((toyId) => join(folder, toyId));
  };
  async function provide(toy: Toy, keeper: TagKeeper): Promise<Uint8Array> {
    return inConsole(toy, async (console) => {
      await ownToy(console, made.maker, flashBoard());
      return giveTag(console, idText(await askToyId(console)), keeper);
    });
  }
  const tagOf = ({ chip }: Toy) => chip.keys.load()?.slice(0, 32);

  it('goes in whole over a cable that spoils a line here and there, either way', async () => {
    let spoilt = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1 }), fc.constantFrom('flip', 'lose'), async (seed, how) => {
        const toy = makeToy();
        let state = seed;
        const noise = (bytes: Uint8Array) => {
          state ^= state << 13;
          state ^= state >>> 17;
          state = (state ^ (state << 5)) >>> 0;
          if (state % 4 !== 0) return bytes;
          spoilt++;
          const at = state % bytes.length;
          if (how === 'lose') return bytes.filter((_, i) => i !== at);
          return bytes.map((byte, i) => (i === at ? byte ^ (1 << (state % 7)) : byte));
        };
        const keeper = tags();
        const secret = await inConsole(toy, async (console) => {
          toy.board.toChip = noise;
          toy.board.toHost = noise;
          await ownToy(console, made.maker, flashBoard());
          return giveTag(console, idText(await askToyId(console)), keeper);
        });
        expect(tagOf(toy)).toEqual(secret);
        expect([...keeper.kept.values()]).toEqual([secret]);
        expect(toy.chip.maker.load()?.slice(0, 32)).toEqual(made.maker);
      }),
      { numRuns: 10 },
    );
    expect(spoilt).toBeGreaterThan(10);
  });

  it.each([
    ['a test', tags],
    ['the page', createPageTags],
    ['the command line', files],
  ])('goes in once, and is known to %s, when the cable came off at any line', async (_, keeperOf) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), async (at) => {
        const toy = makeToy();
        const keeper = keeperOf();
        toy.chip.told = (_, number) => {
          if (number === at) toy.board.pull();
        };
        await expect(provide(toy, keeper)).rejects.toMatchObject({ code: 'gone' });
        const before = tagOf(toy);
        toy.chip.told = () => {};
        toy.board.plug();
        const secret = await provide(toy, keeper);
        if (before?.some((byte) => byte !== 0)) expect(secret).toEqual(before);
        expect(tagOf(toy)).toEqual(secret);
        const toyId = idText(await inConsole(toy, askToyId));
        expect(await keeper.known(toyId)).toContainEqual(secret);
        expect(await provide(toy, keeper)).toEqual(secret);
      }),
      { numRuns: 7 },
    );
  });

  it('is refused to another maker, and for the image of another board', async () => {
    const toy = makeToy();
    const keeper = tags();
    await provide(toy, keeper);
    const other = madeProgram(1, { maker: 2 });
    await inConsole(toy, async (console) => {
      await expect(ownToy(console, other.maker, flashBoard())).rejects.toMatchObject({ code: 'maker' });
      await expect(ownToy(console, made.maker, flashBoard('s3-devkitc'))).rejects.toMatchObject({
        code: 'image',
        message: 'the image was built for another board than s3-devkitc',
      });
    });
    expect(toy.chip.maker.load()?.slice(0, 32)).toEqual(made.maker);
  });
});
