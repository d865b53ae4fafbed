// Which board the simulated toy pretends to be: any module of boards/.

/** The facts of one board, as `await import('#boards/c3-plush.ts')` gives them. */
export type Board = typeof import('#boards/c3-plush.ts');

/** First address of the flash that is the toy's. */
export function flashStart(board: Board): number {
  return Math.min(board.CLIPS_ADDRESS, board.POLICY_ADDRESS, board.SETTINGS_ADDRESS);
}

/** First address after what the toy's program may write: two sectors of settings are its last. */
export function programEnd(board: Board): number {
  return board.SETTINGS_ADDRESS + 2 * 4096;
}
