// The eight rhythms in which a heart can beat for a person: what `Permission.rhythm` (0-7) chooses, as the toy's policy has it.

/** Bit i lights step i of the toy's sixteen, of 125 ms each (protocol/README.md section 11): the second half of the two seconds is dark. */
export const RHYTHMS: readonly number[] = [0x05, 0x01, 0x15, 0x11, 0x0f, 0x37, 0x55, 0x1d];

/** Steps that a rhythm can light. */
export const RHYTHM_STEPS = 8;

/** True for each step that is lit. */
export function stepsOf(rhythm: number): boolean[] {
  const bits = RHYTHMS[rhythm] ?? RHYTHMS[0]!;
  return Array.from({ length: RHYTHM_STEPS }, (_, step) => ((bits >> step) & 1) === 1);
}
