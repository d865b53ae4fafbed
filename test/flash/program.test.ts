// The toy's program through Espruino's console into Storage: whole in spite of bad cables and full Storage, and found whole again.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Console, ConsoleFault, openConsole } from '#app/flash/console.ts';
import { hasFile, PROGRAM_FILE, putFile } from '#app/flash/program.ts';
import { type Board, createBoard } from './board.ts';
import { createEspruinoChip, type EspruinoChip } from './espruino-chip.ts';

/** A simulated chip answers at once. */
const QUICK = { answerMs: 40, startMs: 1500 };
const IMAGE_AT = 0x10000;
const program = Buffer.from(Array.from({ length: 3001 }, (_, i) => 32 + ((i * 7919) % 90)));

let chip: EspruinoChip;
let board: Board;
function makeToy(): void {
  chip = createEspruinoChip();
  board = createBoard({ run: (send) => chip.run(send) });
  board.flash[IMAGE_AT] = 0xe9;
  board.plug();
}
beforeAll(makeToy);

async function inConsole<T>(act: (console: Console) => Promise<T>): Promise<T> {
  const console = await openConsole(board.port, QUICK);
  try {
    return await act(console);
  } finally {
    await console.close();
  }
}
const put = (bytes = program) => inConsole((console) => putFile(console, PROGRAM_FILE, bytes, () => {}));
const stored = () => Buffer.from(chip.files.get(PROGRAM_FILE)?.bytes ?? []);

describe('the console', () => {
  it('answers, and says what was thrown', async () => {
    makeToy();
    await inConsole(async (console) => {
      expect(await console.ask('[1,"a\\"b",null]')).toEqual([1, 'a"b', null]);
      await expect(console.ask('nothing.there')).rejects.toThrow(ConsoleFault);
      await console.restart('reset()');
      expect(await console.ask('2')).toBe(2);
    });
  });

  it('says nothing that its input cannot hold', async () => {
    await inConsole(async (console) => {
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
});

describe('the program', () => {
  it('arrives whole, and is not sent twice', async () => {
    makeToy();
    expect(await put()).toBe(true);
    expect(stored().equals(program)).toBe(true);
    const before = chip.lines;
    expect(await put()).toBe(false);
    expect(chip.lines - before).toBeLessThan(5);
  });

  it('takes the place of another', async () => {
    const other = Buffer.from(program.map((byte) => byte ^ 1));
    await put(other);
    expect(stored().equals(other)).toBe(true);
  });

  it('finds room by tidying, and says when there is none', async () => {
    makeToy();
    chip.free = 4000;
    await put();
    await put(Buffer.from(program).reverse());
    expect(stored().equals(Buffer.from(program).reverse())).toBe(true);
    await expect(put(Buffer.alloc(5000, 65))).rejects.toMatchObject({ code: 'storage' });
  });

  it('arrives whole over a cable that spoils a line here and there, either way', {
    timeout: 180_000,
  }, async () => {
    let spoilt = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1 }), fc.constantFrom('flip', 'lose'), async (seed, how) => {
        makeToy();
        let state = seed;
        const noise = (bytes: Uint8Array) => {
          state ^= state << 13;
          state ^= state >>> 17;
          state = (state ^ (state << 5)) >>> 0;
          if (state % 13 !== 0) return bytes;
          spoilt++;
          const at = state % bytes.length;
          if (how === 'lose') return bytes.filter((_, i) => i !== at);
          return bytes.map((byte, i) => (i === at ? byte ^ (1 << (state % 7)) : byte));
        };
        const console = await openConsole(board.port, QUICK);
        board.toChip = noise;
        board.toHost = noise;
        await putFile(console, PROGRAM_FILE, program, () => {});
        await console.close();
        expect(stored().equals(program)).toBe(true);
      }),
      { numRuns: 5 },
    );
    expect(spoilt).toBeGreaterThan(3);
  });

  it('is completed after the cable came off at any line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 24 }), async (at) => {
        makeToy();
        chip.told = (_, number) => {
          if (number === at) board.pull();
        };
        await expect(put()).rejects.toMatchObject({ code: 'gone' });
        chip.told = () => {};
        board.plug();
        await put();
        expect(stored().equals(program)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('that was changed by one bit is not taken for it', async () => {
    makeToy();
    await put();
    const kept = chip.files.get(PROGRAM_FILE)!;
    kept.bytes[1500] = kept.bytes[1500]! ^ 16;
    expect(await inConsole((console) => hasFile(console, PROGRAM_FILE, program))).toBe(false);
  });
});
