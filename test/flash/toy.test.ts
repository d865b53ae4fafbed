// From a blank board to a toy, whole: image, signed program, tag. Whatever goes wrong on the way, a second run completes, nobody is tagged twice,
// and the tag's secret shows nowhere but in its file.
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MadeProgram } from '#app/flash/program.ts';
import { type FlashedToy, flashToy } from '#app/flash/toy.ts';
import { createJsonReporter } from '#cli/flash/progress.ts';
import { createTagFiles } from '#cli/flash/tag-files.ts';
import { readTag } from '#cli/tag-file.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { codeOf } from '#protocol/program/head.ts';
import { slotImage } from '#protocol/program/slot.ts';
import { type Board, type BoardOptions, createBoard } from './board.ts';
import { createEspruinoChip, type EspruinoChip } from './espruino-chip.ts';
import { writeImageFiles } from './images.ts';
import { flashBoard, madeProgram, orderOn } from './made-program.ts';

const SECRET_BYTES = 32;
const image = writeImageFiles('esp32c3', 70_001);
const IMAGE_BYTES = 70_001 + 9_002 + 0xc00;
const { programsAddress } = flashBoard();
const made1 = madeProgram(1);
/** Both slots, as they are made. */
const SLOT_B = programsAddress + 0xb000;

interface TaggedToy extends FlashedToy {
  tagPath: string;
}

interface Bench {
  board: Board;
  chip: EspruinoChip;
  folder: string;
  /** What was reported and thrown in all runs. */
  said: string[];
  flash(options?: { board?: string; tag?: string; program?: MadeProgram }): Promise<TaggedToy>;
}

function bench(options: BoardOptions = {}): Bench {
  const chip = createEspruinoChip();
  const board = createBoard({ flash: chip.flash, run: (send) => chip.run(send), ...options });
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-flash-'));
  const said: string[] = [];
  return {
    board,
    chip,
    folder,
    said,
    flash: async ({ board: name, tag, program } = {}) => {
      const tagPathOf = (toyId: string) => join(folder, tag ?? `${toyId}.tag`);
      try {
        const order = orderOn(board, image, createTagFiles(tagPathOf), name);
        const made = await flashToy(
          { ...order, program: program ?? order.program },
          createJsonReporter((line) => said.push(line)),
        );
        return { ...made, tagPath: tagPathOf(made.toyId) };
      } catch (error) {
        const { message, advice, cause } = error as { message: string; advice?: string; cause?: unknown };
        said.push(`${message} ${advice} ${cause}`);
        throw error;
      }
    },
  };
}
const tagSlot = ({ chip }: Bench) => chip.keys.load()!.slice(0, SECRET_BYTES);

function expectToy(made: TaggedToy, { chip, said }: Bench): void {
  expect(tagSlot({ chip } as Bench)).toEqual(made.tagSecret);
  expect(readTag(made.tagPath)).toEqual(made.tagSecret);
  expect(statSync(made.tagPath).mode & 0o777).toBe(0o600);
  expect(existsSync(`${made.tagPath}.new`)).toBe(false);
  const heard = said.join('\n');
  for (const form of [
    encodeTag(made.tagSecret).slice(8),
    Buffer.from(made.tagSecret).toString('base64'),
    Buffer.from(made.tagSecret).toString('hex'),
  ])
    expect(heard).not.toContain(form);
}

describe('a board out of its box', () => {
  it.each([{}, { hasOwnUsb: true }])('becomes a toy %o', async (options) => {
    const made = bench(options);
    const toy = await made.flash();
    expectToy(toy, made);
    expect(made.chip.program).toBe(Buffer.from(codeOf(made1.signed)).toString('latin1'));
    expect(made.chip.maker.load()?.slice(0, 32)).toEqual(made1.maker);
    expect(made.chip.interruptions).toBe(0);
    expect(toy.sent).toBe(IMAGE_BYTES + slotImage(made1.signed).length);
    const events = made.said.map((line) => JSON.parse(line) as { event: string; step: string });
    const steps = events.filter(({ event }) => event === 'step').map(({ step }) => step);
    expect(steps).toEqual(['connect', 'image', 'program', 'start', 'tag', 'check']);
  });

  it('is the same toy after another run, with nothing sent', async () => {
    const made = bench();
    const first = await made.flash();
    const second = await made.flash();
    expect(second).toEqual({ ...first, sent: 0 });
    expectToy(second, made);
  });

  it('with another chip than its name says stays as it is', async () => {
    const made = bench();
    await expect(made.flash({ board: 's3-devkitc' })).rejects.toMatchObject({ code: 'image' });
    const other = bench({ kind: 'esp32s3', hasOwnUsb: true });
    await expect(other.flash()).rejects.toMatchObject({
      code: 'wrong-chip',
      message: 'the chip on the cable is an ESP32-S3; c3-plush has an ESP32-C3',
    });
    expect(other.board.flash.every((byte) => byte === 0xff)).toBe(true);
    expect(other.board.rom.memoryBytes).toBe(0);
    expect(readdirSync(other.folder)).toEqual([]);
  });

  it('with a stock image is told to take ours', async () => {
    const made = bench();
    made.chip.isStock = true;
    await expect(made.flash()).rejects.toMatchObject({
      code: 'modules',
      advice: expect.stringContaining('firmware/native'),
    });
    made.chip.isStock = false;
    expectToy(await made.flash(), made);
  });

  it('that forgets its keys is not called a toy', async () => {
    const made = bench();
    made.chip.forgets = true;
    await expect(made.flash()).rejects.toMatchObject({
      code: 'storage',
      message: 'the toy has forgotten who it is',
    });
  });
});

describe('the program', () => {
  it('keeps the marks of a life it has had, and takes the place of another, whatever lies in the other slot', async () => {
    const made = bench();
    await made.flash();
    // Healthy, and a younger one is in slot B, as an update leaves it.
    made.board.flash.fill(0, programsAddress + 272, programsAddress + 276);
    made.board.flash.set(slotImage(madeProgram(1, { version: 102 }).signed), SLOT_B);
    const before = made.board.flash.slice(programsAddress, SLOT_B);
    const again = await made.flash();
    expect(again.sent).toBe(4096);
    expect(made.board.flash.slice(programsAddress, SLOT_B)).toEqual(before);
    expect(made.board.flash.subarray(SLOT_B, SLOT_B + 4096).every((byte) => byte === 0xff)).toBe(true);

    const newer = madeProgram(1, { version: 101, length: 20_000 });
    await made.flash({ program: newer });
    expect(made.chip.program).toBe(Buffer.from(codeOf(newer.signed)).toString('latin1'));
    expect(made.board.flash.subarray(programsAddress + 272, programsAddress + 276)).toEqual(
      new Uint8Array(4).fill(0xff),
    );
    expect(made.board.starts).toBe(6);
  });

  it('is refused before a cable is touched: damaged, of another maker, or for another board', async () => {
    const made = bench();
    const damaged = { ...made1, signed: made1.signed.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)) };
    const strange = { ...made1, maker: madeProgram(1, { maker: 2 }).maker };
    for (const [program, message] of [
      [damaged, 'the signed program is damaged'],
      [strange, 'the program is signed with another key'],
      [{ ...made1, signed: made1.signed.subarray(0, 100) }, 'that is no signed program'],
      [madeProgram(4), 'the program is for another board than c3-plush'],
    ] as const)
      await expect(made.flash({ program })).rejects.toMatchObject({ code: 'program', message });
    expect(made.board.flash.every((byte) => byte === 0xff)).toBe(true);
    expect(made.board.starts).toBe(0);
  });

  it('of another maker, or older than one that was healthy, is noticed', async () => {
    const made = bench();
    const toy = await made.flash();
    const other = madeProgram(1, { maker: 2 });
    await expect(made.flash({ program: other })).rejects.toMatchObject({ code: 'maker' });
    const kept = made.chip.maker.load()!;
    made.chip.maker.save(kept.map((byte, i) => (i === 32 ? 200 : byte)));
    await expect(made.flash()).rejects.toMatchObject({
      code: 'asleep',
      advice: expect.stringContaining('newest'),
    });
    expectToy(await made.flash({ program: madeProgram(1, { version: 201 }) }), made);
    expect(tagSlot(made)).toEqual(toy.tagSecret);
  });
});

describe('a tag', () => {
  it('survives a cable that comes off the moment it is in', async () => {
    const made = bench();
    made.chip.told = (line) => {
      if (line.includes('N.load(0')) made.board.pull();
    };
    await expect(made.flash()).rejects.toMatchObject({ code: 'gone' });
    const secret = tagSlot(made);
    expect(secret.some((byte) => byte !== 0)).toBe(true);
    made.chip.told = () => {};
    made.board.plug();
    const toy = await made.flash();
    expect(toy.tagSecret).toEqual(secret);
    expectToy(toy, made);
  });

  it('that never reached the toy is not used', async () => {
    const made = bench();
    made.board.toChip = (bytes) => {
      if (!Buffer.from(bytes).includes('N.load(0')) return bytes;
      made.board.pull();
      return undefined;
    };
    await expect(made.flash()).rejects.toMatchObject({ code: 'gone' });
    const [waiting] = readdirSync(made.folder);
    expect(waiting).toMatch(/\.tag\.new$/);
    const unused = readTag(join(made.folder, waiting!));
    made.board.toChip = (bytes) => bytes;
    made.board.plug();
    const toy = await made.flash();
    expectToy(toy, made);
    expect(toy.tagSecret).not.toEqual(unused);
  });

  it('is never given twice: not to a toy that has one, nor one to two toys', async () => {
    const made = bench();
    const toy = await made.flash({ tag: 'bear.tag' });
    renameSync(toy.tagPath, join(made.folder, 'lost.tag'));
    await expect(made.flash({ tag: 'bear.tag' })).rejects.toMatchObject({
      code: 'tagged',
      advice: expect.stringContaining('for life'),
    });
    expect(tagSlot(made)).toEqual(toy.tagSecret);
    expect(await made.flash({ tag: 'lost.tag' })).toMatchObject({ toyId: toy.toyId, sent: 0 });

    const other = bench();
    const before = readFileSync(join(made.folder, 'lost.tag'));
    await expect(
      flashToy(
        orderOn(
          other.board,
          image,
          createTagFiles(() => join(made.folder, 'lost.tag')),
        ),
        createJsonReporter(() => {}),
      ),
    ).rejects.toMatchObject({ code: 'tag-file' });
    expect(readFileSync(join(made.folder, 'lost.tag')).equals(before)).toBe(true);
  });
});
