// The power of a simulated chip, cut at a chosen write or erase of its flash.
import type { FlashChip } from '#firmware/simulator/flash.ts';
import { PowerCut } from '#firmware/simulator/life.ts';

/** Runs `life` and cuts the power in its `operation`-th write or erase. False: it came to its end before that. */
export function isCut(chip: FlashChip, operation: number, life: () => void): boolean {
  let wasCut = false;
  chip.cutAt(operation, () => {
    wasCut = true;
  });
  try {
    life();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  chip.cutAt(Number.POSITIVE_INFINITY, () => {});
  return wasCut;
}
