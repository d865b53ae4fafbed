// A toy in the making, as the page shows it: what was chosen, how far the work is, what stopped it, and the tag at the end.
import { type Signal, signal } from '@preact/signals';
import { decodeTag } from '#protocol/family/tag.ts';
import { decodeHead } from '#protocol/program/head.ts';
import { decodeProgram } from '#protocol/program/version.ts';
import { FLASH_BOARDS, type FlashBoard } from './boards.ts';
import { FlashError, type FlashErrorCode } from './failure.ts';
import { type ImageFile, type ImagePart, imageParts } from './image.ts';
import { createPageTags } from './page-tags.ts';
import { type MadeProgram, requireProgram } from './program.ts';
import type { Step } from './reporter.ts';
import { type FlashOrder, flashToy } from './toy.ts';
import { createWebPort, isSameProduct, type Serial, type SerialPort } from './web-port.ts';

const BAUD = 460_800;

/** Why something is not taken; `detail` is English, and names what a person may look for. */
export interface Refusal {
  code: FlashErrorCode | 'unknown';
  detail: string;
}

export type Work =
  | { kind: 'idle' }
  | { kind: 'busy'; step: Step; bytes: number; total: number }
  | { kind: 'failed'; step: Step; refusal: Refusal }
  | { kind: 'made'; toyId: string; secret: Uint8Array };

export interface ChosenProgram {
  /** Its release, such as 0.1.0. */
  release: string;
  made: MadeProgram;
}

export interface Making {
  readonly board: Signal<FlashBoard | null>;
  readonly image: Signal<readonly ImagePart[] | null>;
  readonly imageRefusal: Signal<Refusal | null>;
  readonly program: Signal<ChosenProgram | null>;
  /** Looking whether the site has one. */
  readonly isProgramAwaited: Signal<boolean>;
  readonly programRefusal: Signal<Refusal | null>;
  readonly work: Signal<Work>;
  chooseBoard(name: string): Promise<void>;
  takeImage(files: readonly ImageFile[]): void;
  takeProgram(signed: Uint8Array): void;
  /** The text of a tag that the toy on the cable has already. False: that is no tag. */
  takeTag(text: string): boolean;
  /** Asks for the port if there is none to go on with, and does the work, or what is left of it. */
  begin(): Promise<void>;
  /** Forgets the toy and its port; board, image and program stay. */
  another(): void;
}

export interface MakingParts {
  serial: Serial;
  /** Gets a path of this site. */
  get(path: string): Promise<Response>;
  /** The public key that this site's programs are signed with. */
  maker: Uint8Array;
  /** Tests are less patient. */
  patience?: FlashOrder['patience'];
}

export function createMaking({ serial, get, maker, patience }: MakingParts): Making {
  const board = signal<FlashBoard | null>(null);
  const image = signal<readonly ImagePart[] | null>(null);
  const imageRefusal = signal<Refusal | null>(null);
  const program = signal<ChosenProgram | null>(null);
  const isProgramAwaited = signal(false);
  const programRefusal = signal<Refusal | null>(null);
  const work = signal<Work>({ kind: 'idle' });
  let files: readonly ImageFile[] = [];
  let port: SerialPort | null = null;
  let tags = createPageTags();

  function judgeImage(): void {
    image.value = null;
    imageRefusal.value = null;
    if (board.value === null || files.length === 0) return;
    try {
      image.value = imageParts(files, board.value.chip, 'what you chose');
    } catch (error) {
      imageRefusal.value = refusalOf(error);
    }
  }

  function takeProgram(signed: Uint8Array): void {
    program.value = null;
    programRefusal.value = null;
    if (board.value === null) return;
    const made = { signed, maker };
    try {
      requireProgram(made, board.value);
      program.value = { release: decodeProgram(decodeHead(signed).version), made };
    } catch (error) {
      programRefusal.value = refusalOf(error);
    }
  }

  async function chooseBoard(name: string): Promise<void> {
    const chosen = FLASH_BOARDS.find((each) => each.name === name)!;
    board.value = chosen;
    program.value = null;
    programRefusal.value = null;
    judgeImage();
    isProgramAwaited.value = true;
    const answer = await get(`/toy/${chosen.number}.program`).catch(() => null);
    const bytes = answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
    // Another board may have been chosen meanwhile.
    if (board.value !== chosen) return;
    isProgramAwaited.value = false;
    if (bytes !== null) takeProgram(bytes);
  }

  /** The port of before if it is on its cable, or has come back; else the person chooses. Null: they did not. */
  async function choosePort(): Promise<SerialPort | null> {
    const known = port;
    if (known !== null && known.connected !== false) return known;
    if (known !== null) {
      const back = (await serial.getPorts()).find(
        (each) => each.connected !== false && isSameProduct(each, known),
      );
      if (back !== undefined) return back;
    }
    return serial.requestPort().catch(() => null);
  }

  async function begin(): Promise<void> {
    const [facts, parts, chosen] = [board.value, image.value, program.value];
    if (facts === null || parts === null || chosen === null || work.value.kind === 'busy') return;
    port = await choosePort();
    if (port === null) return;
    let step: Step = 'connect';
    const show = (bytes: number, total: number) => {
      work.value = { kind: 'busy', step, bytes, total };
    };
    show(0, 0);
    try {
      const { toyId, tagSecret } = await flashToy(
        {
          port: createWebPort(port),
          board: facts,
          image: parts,
          program: chosen.made,
          baud: BAUD,
          tags,
          ...(patience === undefined ? {} : { patience }),
        },
        {
          step: (name) => {
            step = name;
            show(0, 0);
          },
          progress: show,
        },
      );
      work.value = { kind: 'made', toyId, secret: tagSecret };
    } catch (error) {
      const refusal = refusalOf(error);
      // Another port, or the same one chosen anew: whoever presses Again decides.
      if (['busy', 'no-port', 'silent', 'wrong-chip'].includes(refusal.code)) port = null;
      work.value = { kind: 'failed', step, refusal };
    }
  }

  return {
    board,
    image,
    imageRefusal,
    program,
    isProgramAwaited,
    programRefusal,
    work,
    chooseBoard,
    takeImage: (chosen) => {
      files = chosen;
      judgeImage();
    },
    takeProgram,
    takeTag: (text) => {
      try {
        tags.add(decodeTag(text));
        return true;
      } catch {
        return false;
      }
    },
    begin,
    another: () => {
      tags = createPageTags();
      port = null;
      work.value = { kind: 'idle' };
    },
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof FlashError) return { code: error.code, detail: error.message };
  return { code: 'unknown', detail: '' };
}
