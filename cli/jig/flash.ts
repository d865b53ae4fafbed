// The flash: the last sector of the last clip's place is erased, written, read and erased again. Only while the toy is nobody's: later it may hold a clip.
import { crc32, latin1 } from '#app/flash/letters.ts';
import { SLOT_TOY_ROOT } from '#protocol/link/primitives.ts';
import { fail, pass, type Result, untested } from './result.ts';
import { askNumber, type Unit } from './unit.ts';

const SECTOR_BYTES = 4096;
/** Sectors of a clip's place (protocol/README.md section 8). */
const CLIP_SECTORS = 32;
/** What is written at once. */
const PIECE_BYTES = 256;

/** The test's bytes: no two pieces alike, each bit both ways. */
function pieceOf(piece: number): Uint8Array {
  return Uint8Array.from({ length: PIECE_BYTES }, (_, i) => (i * 167 + piece * 59 + 85) & 255);
}

export async function testFlash(unit: Unit): Promise<Result> {
  const { CLIPS_ADDRESS, CLIP_SLOTS } = unit.board.facts;
  if ((await unit.console.ask(`require("sodium").has(${SLOT_TOY_ROOT})`)) !== false)
    return untested('flash', 'the toy is paired: its flash may hold messages');
  const sector = CLIPS_ADDRESS + CLIP_SLOTS * CLIP_SECTORS * SECTOR_BYTES - SECTOR_BYTES;
  const at = `0x${sector.toString(16)}`;
  const blank = crc32(latin1(new Uint8Array(PIECE_BYTES).fill(0xff)));
  const erase = () => unit.console.ask(`require("Flash").erasePage(${sector}),1`);
  const checkOf = (piece: number) =>
    askNumber(unit, `E.CRC32(require("Flash").read(${PIECE_BYTES},${sector + piece * PIECE_BYTES}))`);

  const pieces = SECTOR_BYTES / PIECE_BYTES;
  await erase();
  for (let piece = 0; piece < pieces; piece++)
    if ((await checkOf(piece)) !== blank) return fail('flash', `the sector at ${at} cannot be erased`);
  for (let piece = 0; piece < pieces; piece++)
    await unit.console.ask(
      `(function(b,i){for(i=0;i<${PIECE_BYTES};i++)b[i]=i*167+${piece * 59 + 85};require("Flash").write(b,${sector + piece * PIECE_BYTES});return 1})(new Uint8Array(${PIECE_BYTES}))`,
    );
  let wrong = 0;
  for (let piece = 0; piece < pieces; piece++)
    if ((await checkOf(piece)) !== crc32(latin1(pieceOf(piece)))) wrong++;
  await erase();
  if (wrong > 0) return fail('flash', `the sector at ${at} does not keep what is written`);
  return pass('flash', `the sector at ${at} was erased, written and read`);
}
