// The boards that can be flashed: what a cable must know of each.
import * as atomEcho from '#boards/atom-echo.ts';
import * as c3Plush from '#boards/c3-plush.ts';
import * as c3Stock from '#boards/c3-stock.ts';
import * as esp32Devkitc from '#boards/esp32-devkitc.ts';
import * as s3Devkitc from '#boards/s3-devkitc.ts';
import * as tCircleS3 from '#boards/t-circle-s3.ts';
import { wiring as atomEchoWiring } from '#boards/wiring/atom-echo.ts';
import { wiring as c3Wiring } from '#boards/wiring/c3-supermini.ts';
import { CHIPS, type Chip } from '#boards/wiring/chips.ts';
import { wiring as esp32Wiring } from '#boards/wiring/esp32-devkitc.ts';
import type { Wiring } from '#boards/wiring/facts.ts';
import { wiring as s3Wiring } from '#boards/wiring/s3-devkitc.ts';
import { wiring as tCircleWiring } from '#boards/wiring/t-circle-s3.ts';
import { wiring as xiaoWiring } from '#boards/wiring/xiao-s3-sense.ts';
import * as xiaoS3Sense from '#boards/xiao-s3-sense.ts';

export interface FlashBoard {
  /** As boards/ has it. */
  name: string;
  /** BOARD_NUMBER. */
  number: number;
  /** What its maker calls it. */
  title: string;
  chip: Chip;
  /** Espruino's board definition in firmware/native/boards that makes its image. */
  image: string;
  /** Where in the flash the signed programs begin. */
  programsAddress: number;
}

interface Facts {
  BOARD: string;
  BOARD_NUMBER: number;
  PROGRAMS_ADDRESS: number;
}

function boardOf(
  { BOARD, BOARD_NUMBER, PROGRAMS_ADDRESS }: Facts,
  { title, chip, image }: Wiring,
): FlashBoard {
  return {
    name: BOARD,
    number: BOARD_NUMBER,
    title,
    chip: CHIPS[chip],
    image,
    programsAddress: PROGRAMS_ADDRESS,
  };
}

/** In the order of docs/building-a-toy.md: for a toy first, for the bench last. */
export const FLASH_BOARDS: readonly FlashBoard[] = [
  boardOf(c3Plush, c3Wiring),
  boardOf(xiaoS3Sense, xiaoWiring),
  boardOf(tCircleS3, tCircleWiring),
  boardOf(atomEcho, atomEchoWiring),
  boardOf(esp32Devkitc, esp32Wiring),
  boardOf(s3Devkitc, s3Wiring),
  boardOf(c3Stock, c3Wiring),
];
