// Log-spectral distance: by how many dB the spectrum of what was heard differs from what was said.
import type { Pair } from './align.ts';
import { hann, powerSpectra } from './spectrum.ts';

const FRAME = 512;
const HOP = 128;
/** Bins from 94 Hz (VOIP cuts what is lower on purpose) to below 7.6 kHz, at 16 kHz. */
const FIRST_BIN = 3;
const LAST_BIN = 242;
/** Frames 40 dB below the loudest are silence. */
const SILENCE = 1e-4;
/** What is 70 dB below the loudest bin of all is not heard, and counts as equal. */
const FLOOR = 1e-7;

/** Mean over the frames that hold speech of the root mean square difference in dB. 0 is identical. @param pair at 16 kHz. */
export function logSpectralDistance({ said, heard }: Pair): number {
  const window = hann(FRAME, true);
  const a = powerSpectra(said, window, HOP, FRAME);
  const b = powerSpectra(heard, window, HOP, FRAME);
  const energies = a.map((frame) => frame.reduce((sum, bin) => sum + bin, 0));
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), 0);
  const floor = FLOOR * a.reduce((most, frame) => frame.reduce((m, bin) => Math.max(m, bin), most), 0);
  let total = 0;
  let count = 0;
  for (let frame = 0; frame < a.length; frame++) {
    if (energies[frame]! <= loudest * SILENCE) continue;
    let squares = 0;
    for (let bin = FIRST_BIN; bin <= LAST_BIN; bin++) {
      squares += (10 * Math.log10((a[frame]![bin]! + floor) / (b[frame]![bin]! + floor))) ** 2;
    }
    total += Math.sqrt(squares / (LAST_BIN - FIRST_BIN + 1));
    count++;
  }
  return total / count;
}
