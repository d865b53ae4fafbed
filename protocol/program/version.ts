// The release of a toy's program, as STATUS says it in 16 bits (protocol/README.md section 6).
import { fault } from '../fault.ts';

const MAX = 0xffff;

/** Number of a release: `0.1.0` is 100. Fault record-field unless it is x.y.z, y and z below 100, and fits. */
export function encodeProgram(release: string): number {
  const parts = /^(0|[1-9]\d?)\.(0|[1-9]\d?)\.(0|[1-9]\d?)$/.exec(release);
  if (parts === null) throw fault('record-field');
  const [major, minor, patch] = parts.slice(1).map(Number) as [number, number, number];
  const program = major * 10000 + minor * 100 + patch;
  if (program > MAX) throw fault('record-field');
  return program;
}

/** The release that a number stands for: 100 is `0.1.0`. */
export function decodeProgram(program: number): string {
  return `${Math.floor(program / 10000)}.${Math.floor(program / 100) % 100}.${program % 100}`;
}
