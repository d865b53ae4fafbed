// From a blank board to a toy, whole: image, program, tag. Whatever goes wrong on the way, a second run completes, nobody is tagged twice,
// and the tag's secret shows nowhere but in its file.
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAM_FILE } from '#app/flash/program.ts';
import { type FlashedToy, type FlashOrder, flashToy, RECORD_FILE } from '#app/flash/toy.ts';
import { orderFor } from '#cli/flash/order.ts';
import { createJsonReporter } from '#cli/flash/progress.ts';
import { createTagFiles } from '#cli/flash/tag-files.ts';
import { readTag } from '#cli/tag-file.ts';
import { buildToy } from '#firmware/build/build.ts';
import { encodeTag } from '#protocol/family/tag.ts';
import { type Board, type BoardOptions, createBoard } from './board.ts';
import { createEspruinoChip, type EspruinoChip } from './espruino-chip.ts';
import { writeImageFiles } from './images.ts';

/** A simulated chip answers at once. */
const QUICK = { answerMs: 400, startMs: 5000, resets: 3 };
const SECRET_BYTES = 32;
const image = writeImageFiles('esp32c3', 70_001);

interface TaggedToy extends FlashedToy {
  tagPath: string;
}

async function orderOn(
  board: Board,
  tagPathOf: (toyId: string) => string,
  name = 'c3-plush',
): Promise<FlashOrder> {
  return {
    ...(await orderFor(name, image, '0.1.0')),
    port: board.port,
    baud: 460_800,
    tags: createTagFiles(tagPathOf),
    patience: QUICK,
  };
}

interface Bench {
  board: Board;
  chip: EspruinoChip;
  folder: string;
  /** What was reported and thrown in all runs. */
  said: string[];
  flash(options?: { board?: string; tag?: string }): Promise<TaggedToy>;
}

function bench(options: BoardOptions = {}): Bench {
  const chip = createEspruinoChip();
  const board = createBoard({ run: (send) => chip.run(send), ...options });
  const folder = mkdtempSync(join(tmpdir(), 'pawpost-flash-'));
  const said: string[] = [];
  return {
    board,
    chip,
    folder,
    said,
    flash: async ({ board: name = 'c3-plush', tag } = {}) => {
      const tagPathOf = (toyId: string) => join(folder, tag ?? `${toyId}.tag`);
      try {
        const made = await flashToy(
          await orderOn(board, tagPathOf, name),
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
    const built = await buildToy('c3-plush');
    expect(Buffer.from(made.chip.files.get(PROGRAM_FILE)!.bytes).toString('latin1') === built.code).toBe(
      true,
    );
    expect(JSON.parse(Buffer.from(made.chip.files.get(RECORD_FILE)!.bytes).toString())).toEqual({
      board: 'c3-plush',
      version: '0.1.0',
      program: built.hash,
    });
    expect(toy.sent).toBe(70_001 + 9_002 + 0xc00);
    const events = made.said.map((line) => JSON.parse(line) as { event: string; step: string });
    const steps = events.filter(({ event }) => event === 'step').map(({ step }) => step);
    expect(steps).toEqual(['connect', 'image', 'start', 'program', 'tag', 'check']);
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

  it('is refused by a name that is no hardware', async () => {
    await expect(bench().flash({ board: 'linux' })).rejects.toThrow('no board with a cable');
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
        await orderOn(other.board, () => join(made.folder, 'lost.tag')),
        createJsonReporter(() => {}),
      ),
    ).rejects.toMatchObject({ code: 'tag-file' });
    expect(readFileSync(join(made.folder, 'lost.tag')).equals(before)).toBe(true);
  });
});
