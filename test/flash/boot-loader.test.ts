// An image goes through esptool-js into a simulated chip byte for byte; each fault of cable, chip and flash gets its advice, and a second run completes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBootLoader, type Patience } from '#app/flash/boot-loader.ts';
import type { ImagePart } from '#app/flash/image.ts';
import { type Written, writeImage } from '#app/flash/write.ts';
import { CHIPS } from '#boards/wiring/chips.ts';
import { readImage } from '#cli/flash/image-folder.ts';
import { type Board, type BoardOptions, createBoard } from './board.ts';
import { type Chips, writeImageFiles } from './images.ts';

/** A simulated chip answers at once: what has not come by then does not come. */
const QUICK: Patience = { answerMs: 400, resets: 3 };
const BAUD = 460_800;

const folders = Object.fromEntries(
  (['esp32', 'esp32c3', 'esp32s3'] as const).map((chip) => [chip, writeImageFiles(chip)]),
) as Record<Chips, string>;
const imageOf = (chip: Chips) => readImage(folders[chip], CHIPS[chip]);

async function flash(board: Board, parts: ImagePart[], baud = BAUD): Promise<Written> {
  const loader = await openBootLoader(board.port, baud, QUICK);
  try {
    await loader.begin();
    const written = await writeImage(loader, parts, () => {});
    await loader.restart();
    return written;
  } catch (error) {
    await loader.close();
    throw error;
  }
}

function expectImage(board: Board, parts: ImagePart[]): void {
  for (const { name, address, bytes } of parts) {
    const there = board.flash.subarray(address, address + bytes.length);
    expect(Buffer.compare(there, bytes), name).toBe(0);
  }
}

describe('an image', () => {
  it.each<[Chips, BoardOptions]>([
    ['esp32', {}],
    ['esp32c3', {}],
    ['esp32c3', { hasOwnUsb: true }],
    ['esp32s3', { hasOwnUsb: true }],
  ])('arrives byte for byte on %s %o, and is started', async (kind, options) => {
    const board = createBoard({ kind, ...options });
    board.flash.fill(0x5a, 0x210000, 0x310000);
    const parts = imageOf(kind);
    const written = await flash(board, parts);
    expectImage(board, parts);
    expect(written.sent).toBe(written.bytes);
    expect(board.starts).toBe(1);
    // The toy's own areas are nobody's business here.
    expect(board.flash.subarray(0x210000, 0x310000).every((byte) => byte === 0x5a)).toBe(true);
  });

  it('is not sent again when it is there', async () => {
    const board = createBoard();
    const parts = imageOf('esp32c3');
    await flash(board, parts);
    expect((await flash(board, parts)).sent).toBe(0);
    expect(board.starts).toBe(2);
  });

  it('goes through after the cable came off at any block', async () => {
    const parts = imageOf('esp32c3');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 11 }), async (at) => {
        const board = createBoard();
        board.block = (number) => {
          if (number === at) board.pull();
        };
        await expect(flash(board, parts)).rejects.toMatchObject({
          code: 'gone',
          advice: expect.stringContaining('Plug it in and run this again'),
        });
        board.plug();
        board.block = () => {};
        const again = await flash(board, parts);
        expectImage(board, parts);
        if (at > 2) expect(again.sent).toBeLessThan(again.bytes);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a bad cable', () => {
  /** Spoils the `nth` long write by `spoil`, once or for ever. */
  function spoiling(nth: number, isOnce: boolean, spoil: (bytes: Uint8Array) => Uint8Array | undefined) {
    let seen = 0;
    return (bytes: Uint8Array) => {
      if (bytes.length < 2000) return bytes;
      seen++;
      return seen === nth || (!isOnce && seen > nth) ? spoil(bytes) : bytes;
    };
  }
  const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 1000 ? byte ^ 4 : byte));
  const shorter = (bytes: Uint8Array) => bytes.filter((_, i) => i !== 1000);
  const lost = () => undefined;

  it.each([
    ['a wrong bit', flipped],
    ['a lost byte', shorter],
    ['a lost block', lost],
  ])('mends %s without a word', async (_, spoil) => {
    const board = createBoard();
    const parts = imageOf('esp32c3');
    // The first long writes are the stub: this one is a block of the application.
    board.toChip = spoiling(7, true, spoil);
    await flash(board, parts);
    expectImage(board, parts);
  });

  it('mends an answer that is lost: the piece is written anew', async () => {
    const board = createBoard();
    const parts = imageOf('esp32c3');
    let isLost = false;
    board.block = (number) => {
      isLost = number === 4;
    };
    board.toHost = (bytes) => {
      const swallow = isLost;
      isLost = false;
      return swallow ? undefined : bytes;
    };
    await flash(board, parts);
    expectImage(board, parts);
  });

  it('that no packed piece comes through is mended by plain ones, each block by itself', async () => {
    const board = createBoard();
    const parts = imageOf('esp32c3');
    const FLASH_DATA = 0x03;
    const FLASH_DEFL_DATA = 0x11;
    let plain = 0;
    board.toChip = (bytes) => {
      if (bytes[2] === FLASH_DEFL_DATA) return flipped(bytes);
      return bytes[2] === FLASH_DATA && plain++ === 3 ? flipped(bytes) : bytes;
    };
    board.flash.fill(0x5a, 0x9000, 0xa000);
    await flash(board, parts);
    expectImage(board, parts);
    expect(plain).toBeGreaterThan(10);
    expect(board.flash.subarray(0x9000, 0xa000).every((byte) => byte === 0x5a)).toBe(true);
  });

  it('is named when it stays bad, and a better one completes', async () => {
    const board = createBoard();
    const parts = imageOf('esp32c3');
    board.toChip = spoiling(5, false, flipped);
    await expect(flash(board, parts)).rejects.toMatchObject({
      code: 'garbled',
      advice: expect.stringContaining('short cable'),
    });
    board.toChip = (bytes) => bytes;
    await flash(board, parts);
    expectImage(board, parts);
  });

  it('of a browser, which has no change of speed, is opened anew for it', async () => {
    const board = createBoard();
    delete board.port.setBaudRate;
    const { open } = board.port;
    const speeds: number[] = [];
    board.port.open = (options) => {
      speeds.push(options.baudRate);
      return open(options);
    };
    const parts = imageOf('esp32c3');
    await flash(board, parts);
    expectImage(board, parts);
    expect(speeds).toEqual([115_200, 115_200, BAUD]);
  });

  it('is survived at the speed of the ROM when it cannot do more', async () => {
    const board = createBoard();
    const parts = imageOf('esp32c3');
    const { setBaudRate } = board.port;
    board.port.setBaudRate = async (baud) => {
      if (baud > 115_200) throw new Error('no such speed');
      await setBaudRate?.(baud);
    };
    await flash(board, parts);
    expectImage(board, parts);
  });
});

describe('a chip', () => {
  it('that is silent, for its BOOT must be held', async () => {
    await expect(
      openBootLoader(createBoard({ hasResetWires: false }).port, BAUD, QUICK),
    ).rejects.toMatchObject({
      code: 'silent',
      advice: expect.stringContaining('Hold BOOT'),
    });
  });

  it('names itself before anything is written', async () => {
    const board = createBoard({ kind: 'esp32s3' });
    const before = board.flash.slice();
    const loader = await openBootLoader(board.port, BAUD, QUICK);
    expect(loader.chip).toBe('ESP32-S3');
    expect(board.rom.memoryBytes).toBe(0);
    expect(Buffer.compare(board.flash, before)).toBe(0);
    await loader.close();
  });

  it('that is locked is left alone', async () => {
    await expect(openBootLoader(createBoard({ isLocked: true }).port, BAUD, QUICK)).rejects.toMatchObject({
      code: 'locked',
    });
  });

  it('that is not there', async () => {
    const board = createBoard();
    board.pull();
    await expect(openBootLoader(board.port, BAUD, QUICK)).rejects.toMatchObject({ code: 'no-port' });
  });

  it.each(['isBroken', 'isWorn'] as const)('whose flash %s is told from a bad cable', async (fault) => {
    const board = createBoard();
    board[fault] = (address) => address === 0x12345;
    await expect(flash(board, imageOf('esp32c3'))).rejects.toMatchObject({
      code: 'refused',
      advice: expect.stringContaining('power'),
    });
    board[fault] = () => false;
    await flash(board, imageOf('esp32c3'));
    expectImage(board, imageOf('esp32c3'));
  });
});
