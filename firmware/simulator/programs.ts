// The signed programs of a simulated toy: which of them runs after power-on, and the native `program` module that takes the next one
// (protocol/README.md section 16), as the C of the image does it.

import {
  encodeProgramState,
  PIECE_CODE_BYTES,
  PIECE_HEAD_BYTES,
  PROGRAM_BROKEN,
  PROGRAM_FAILED,
  PROGRAM_NO_ROOM,
  PROGRAM_NOT_NEWER,
  PROGRAM_READY,
  PROGRAM_RECORD_BYTES,
  PROGRAM_UNSIGNED,
  PROGRAM_WANTED,
  PROGRAM_WRONG_BOARD,
} from '#protocol/ble/program-records.ts';
import { OP_PIECE, OP_PROGRAM } from '#protocol/ble/records.ts';
import { putU16, same, u16, u32, view } from '#protocol/bytes.ts';
import {
  decodeHead,
  HEAD_BYTES,
  HEAD_VERSION_AT,
  isSignedBy,
  type ProgramHead,
} from '#protocol/program/head.ts';
import {
  PROGRAM_SLOT_BYTES,
  SECTOR_BYTES,
  SLOT_CODE_AT,
  SLOT_HEALTHY_AT,
  SLOT_TRIES,
  SLOT_TRIES_AT,
} from '#protocol/program/slot.ts';
import { sodium } from '#protocol/sodium/ready.ts';
import type { Flash, Programs } from '../native/native.d.ts';
import type { Board } from './board.ts';
import type { KeyStore } from './sodium.ts';

/** Bytes of the maker's store: his public key, the floor as u16. */
export const MAKER_BYTES = 34;
const KEY_BYTES = 32;
const BLANK = 0xffffffff;
/** Programs begun between two starts: each wears the flash, and a bridge may offer for ever. */
const RECEPTIONS_MAX = 32;

/** One life, as far as programs go. */
export interface Start {
  /** What runs; null for nothing. */
  code: string | null;
  /** The toy has a maker's key: nothing but signed programs runs. */
  hasMaker: boolean;
  module: Programs;
}

/** What a slot holds. */
interface Held {
  address: number;
  head: ProgramHead;
  triesLeft: number;
  isHealthy: boolean;
}

/**
 * The chip starts: chooses the program, and uses up a try of it. `flash` is all of the chip, `maker` what no program can write, `isWake`: it
 * starts from a sleep.
 */
export function startPrograms(flash: Flash, board: Board, maker: KeyStore, isWake = false): Start {
  const kept = () => maker.load();
  const floor = () => u16(kept() ?? new Uint8Array(MAKER_BYTES), KEY_BYTES);
  const addresses = [board.PROGRAMS_ADDRESS, board.PROGRAMS_ADDRESS + PROGRAM_SLOT_BYTES];

  function isSigned(head: Uint8Array): boolean {
    const own = kept();
    return own !== null && isSignedBy(head, view(own, 0, KEY_BYTES));
  }
  function hasCode(address: number, head: ProgramHead): boolean {
    return same(
      sodium.crypto_generichash(32, flash.read(head.length, address + SLOT_CODE_AT), null),
      head.hash,
    );
  }
  /** Null unless it is good. */
  function heldAt(address: number): Held | null {
    const sector = flash.read(SLOT_HEALTHY_AT + 4, address);
    const head = headOf(sector);
    if (head === null || head.board !== board.BOARD_NUMBER || head.version < floor()) return null;
    if (!isSigned(sector) || !hasCode(address, head)) return null;
    let triesLeft = 0;
    for (let i = 0; i < SLOT_TRIES; i++) if (u32(sector, SLOT_TRIES_AT + 4 * i) === BLANK) triesLeft++;
    return { address, head, triesLeft, isHealthy: u32(sector, SLOT_HEALTHY_AT) !== BLANK };
  }
  /** True if a try was left, and is used up now. */
  function useTry(held: Held): boolean {
    for (let i = 0; i < SLOT_TRIES; i++) {
      const at = held.address + SLOT_TRIES_AT + 4 * i;
      if (u32(flash.read(4, at), 0) !== BLANK) continue;
      flash.write(new Uint8Array(4), at);
      return true;
    }
    return false;
  }
  /** The one that runs, and whether it may be taken back. */
  function choose(): { running: Held | null; isOnTrial: boolean } {
    const [a, b] = addresses.map(heldAt) as [Held | null, Held | null];
    const newer = a === null || (b !== null && b.head.version > a.head.version) ? b : a;
    const older = newer === a ? b : a;
    if (newer === null || newer.isHealthy) return { running: newer, isOnTrial: false };
    // A sleep ends where no bridge is near, or for a moment: the tries would be gone before one could be met.
    const mayTry = older === null || !isWake;
    if (mayTry && useTry(newer)) return { running: newer, isOnTrial: older !== null };
    return { running: older ?? newer, isOnTrial: false };
  }

  let { running, isOnTrial } = choose();

  // The program that comes.
  const free = addresses.find((address) => address !== running?.address)!;
  let wanted: { bytes: Uint8Array; head: ProgramHead } | null = null;
  let receptions = 0;
  // The last answer.
  let code = PROGRAM_NOT_NEWER;
  let version = 0;
  let next = 0;
  let isReady = false;

  function refusal(bytes: Uint8Array): number {
    const head = headOf(bytes);
    if (head === null || maker.load() === null) return PROGRAM_UNSIGNED;
    if (head.board !== board.BOARD_NUMBER) return PROGRAM_WRONG_BOARD;
    if (!isSigned(bytes)) return PROGRAM_UNSIGNED;
    if (head.version <= (running?.head.version ?? -1) || head.version < floor()) return PROGRAM_NOT_NEWER;
    const there = running === null ? null : heldAt(free);
    if (there?.head.version === head.version && !there.isHealthy && there.triesLeft === 0)
      return PROGRAM_FAILED;
    if (isOnTrial) return PROGRAM_NO_ROOM;
    if (isThere(bytes)) return PROGRAM_READY;
    return receptions === RECEPTIONS_MAX ? PROGRAM_NO_ROOM : PROGRAM_WANTED;
  }
  /** This very program lies whole in the other slot, to be tried: from before the toy started. */
  function isThere(bytes: Uint8Array): boolean {
    return same(flash.read(HEAD_BYTES, free), bytes) && (heldAt(free)?.triesLeft ?? 0) > 0;
  }
  function takeHead(bytes: Uint8Array): void {
    version = u16(bytes, HEAD_VERSION_AT);
    if (wanted !== null && same(bytes, wanted.bytes)) {
      code = isReady ? PROGRAM_READY : PROGRAM_WANTED;
      return;
    }
    code = refusal(bytes);
    if (code !== PROGRAM_WANTED && code !== PROGRAM_READY) return;
    wanted = { bytes, head: decodeHead(bytes) };
    isReady = code === PROGRAM_READY;
    next = isReady ? wanted.head.length : 0;
    if (isReady) return;
    receptions++;
    if (!flash.read(SECTOR_BYTES, free).every((byte) => byte === 0xff)) {
      flash.write(new Uint8Array(HEAD_BYTES), free);
      flash.erasePage(free);
    }
  }
  function takePiece(offset: number, piece: Uint8Array): void {
    if (wanted === null || isReady) return;
    const { bytes, head } = wanted;
    version = head.version;
    code = PROGRAM_WANTED;
    if (offset !== next || piece.length !== Math.min(PIECE_CODE_BYTES, head.length - next)) return;
    const from = free + SLOT_CODE_AT + next;
    const end = from + piece.length;
    const sector = Math.ceil(from / SECTOR_BYTES) * SECTOR_BYTES;
    if (sector < end) flash.erasePage(sector);
    const whole = new Uint8Array(Math.ceil(piece.length / 4) * 4).fill(0xff);
    whole.set(piece, 0);
    flash.write(whole, from);
    next += piece.length;
    if (next < head.length) return;
    if (hasCode(free, head)) {
      flash.write(bytes, free);
      isReady = true;
      code = PROGRAM_READY;
    } else {
      wanted = null;
      code = PROGRAM_BROKEN;
    }
  }

  const module: Programs = {
    take: (record) => {
      const [op, length] = [record[0], record.length];
      if (op === OP_PROGRAM && length === PROGRAM_RECORD_BYTES) takeHead(record.slice(1));
      else if (op === OP_PIECE && length > PIECE_HEAD_BYTES && length <= PIECE_HEAD_BYTES + PIECE_CODE_BYTES)
        takePiece(u32(record, 1), record.subarray(PIECE_HEAD_BYTES));
      else return false;
      return true;
    },
    state: (out, offset) => {
      const isTaken = code === PROGRAM_WANTED || code === PROGRAM_READY;
      const state = { code, board: board.BOARD_NUMBER, version, next: isTaken ? next : 0 };
      return encodeProgramState(state, out, offset);
    },
    isReady: () => isReady,
    isOnTrial: () => isOnTrial,
    confirm: () => {
      if (running === null) return;
      if (!running.isHealthy) flash.write(new Uint8Array(4), running.address + SLOT_HEALTHY_AT);
      running.isHealthy = true;
      isOnTrial = false;
      if (floor() >= running.head.version) return;
      const raised = kept()!.slice();
      putU16(raised, KEY_BYTES, running.head.version);
      maker.save(raised);
    },
    own: (key) => ownMaker(maker, key),
  };
  return {
    code: running === null ? null : textOf(flash.read(running.head.length, running.address + SLOT_CODE_AT)),
    hasMaker: kept() !== null,
    module,
  };
}

/** Sets the maker's key if there is none; true if it is this one now. */
export function ownMaker(maker: KeyStore, key: Uint8Array): boolean {
  if (key.length !== KEY_BYTES || key.every((byte) => byte === 0)) return false;
  const known = maker.load();
  if (known !== null) return same(view(known, 0, KEY_BYTES), key);
  const first = new Uint8Array(MAKER_BYTES);
  first.set(key, 0);
  maker.save(first);
  return true;
}

function headOf(bytes: Uint8Array): ProgramHead | null {
  try {
    return decodeHead(bytes);
  } catch {
    return null;
  }
}

function textOf(code: Uint8Array): string {
  return Buffer.from(code).toString('latin1');
}
