// A toy as far as programs go, scripted after the specification: takes records of a session over a link that loses what it is told to.
import type { ToyLink } from '#bridge/toy-link.ts';
import {
  decodeOfferedProgram,
  decodePiece,
  encodeProgramState,
  PROGRAM_READY,
  PROGRAM_STATE_BYTES,
  PROGRAM_WANTED,
} from '#protocol/ble/program-records.ts';
import { encodeStatus, OP_PIECE, OP_PROGRAM, OP_READY, STATUS_BYTES } from '#protocol/ble/records.ts';
import { same } from '#protocol/bytes.ts';
import { decodeHead } from '#protocol/program/head.ts';

/** How long it takes to answer: a few connection intervals. */
const ANSWER_MS = 60;

export interface ProgramToy {
  /** What it has got of a program so far; survives a lost link. */
  readonly code: number[];
  /** Ops of all records it was sent, with the time in ms. */
  readonly got: { op: number; atMs: number }[];
  /** In place of its own answer to PROGRAM and PIECE. */
  answer: number | null;
  /** Answers nothing at all about programs. */
  isDeaf: boolean;
  /** Says each PROGRAM_STATE so many times. */
  repeats: number;
  /** Says of each record, either way, whether it vanishes. */
  isLost(): boolean;
  /** What the toy does with a record that is not about programs. */
  other(record: Uint8Array): void;
  /** Sends a record to the session. */
  say(record: Uint8Array): void;
  /** A new link, and what cuts it. */
  connect(): { link: ToyLink; cut(): void };
}

export function createProgramToy(running: number, board: number): ProgramToy {
  let head: Uint8Array = new Uint8Array(0);
  let version = 0;
  let hear: (record: Uint8Array) => void = () => {};

  function state(): Uint8Array {
    const record = new Uint8Array(PROGRAM_STATE_BYTES);
    const { length } = head.length === 0 ? { length: 0 } : decodeHead(head);
    const isWhole = toy.code.length === length;
    const code = toy.answer ?? (isWhole ? PROGRAM_READY : PROGRAM_WANTED);
    encodeProgramState({ code, board, version, next: code > PROGRAM_READY ? 0 : toy.code.length }, record, 0);
    return record;
  }

  function take(record: Uint8Array): void {
    const op = record[0]!;
    toy.got.push({ op, atMs: Date.now() });
    if (op === OP_READY) {
      const status = new Uint8Array(STATUS_BYTES);
      const rest = { generation: 1, counter: 1, resets: 0, battery: 80, uptimeS: 9, roomChunks: 100 };
      encodeStatus({ ...rest, program: running, board }, status, 0);
      toy.say(status);
    } else if (op === OP_PROGRAM) {
      const offered = decodeOfferedProgram(record).slice();
      if (!same(offered, head)) toy.code.length = 0;
      head = offered;
      version = decodeHead(head).version;
      answer();
    } else if (op === OP_PIECE) {
      const piece = decodePiece(record);
      if (toy.answer === null && piece.offset === toy.code.length) toy.code.push(...piece.code);
      answer();
    } else toy.other(record);
  }

  function answer(): void {
    if (!toy.isDeaf) for (let i = 0; i < toy.repeats; i++) toy.say(state());
  }

  const toy: ProgramToy = {
    code: [],
    got: [],
    answer: null,
    isDeaf: false,
    repeats: 1,
    isLost: () => false,
    other: () => {},
    say(record) {
      if (toy.isLost()) return;
      const to = hear;
      setTimeout(() => to(record), ANSWER_MS);
    },
    connect() {
      let isOpen = true;
      const closed: (() => void)[] = [];
      const cut = () => {
        isOpen = false;
        hear = () => {};
        for (const listener of closed.splice(0)) listener();
      };
      const link: ToyLink = {
        send: (record) => {
          if (isOpen && !toy.isLost()) setTimeout(() => isOpen && take(record));
        },
        hasRoom: () => isOpen,
        onRecord: (listener) => {
          hear = listener;
        },
        onRoom: () => {},
        onClose: (listener) => void closed.push(listener),
        close: async () => cut(),
      };
      return { link, cut };
    },
  };
  return toy;
}
