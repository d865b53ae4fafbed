// What several results together say of one cause: the wire to look at first.
import type { Result, Test } from './result.ts';
import type { JigBoard } from './unit.ts';

/** One line for each cause that the results point to; none for a good unit. */
export function likelyCauses(results: readonly Result[], { wiring }: JigBoard): string[] {
  const of = (test: Test) => results.find((result) => result.test === test);
  const isBad = (test: Test) => of(test)?.outcome === 'fail';
  const isGood = (test: Test) => of(test)?.outcome === 'pass';
  const { microphone, amplifier } = wiring;
  const isOneBus = microphone.clock.pin === amplifier.clock.pin;
  const causes: string[] = [];
  if (isBad('microphone') && isBad('speaker'))
    causes.push(
      isOneBus
        ? `Microphone and speaker: both hang on clock GPIO${microphone.clock.pin} and word select GPIO${microphone.select?.pin}; or their data wires, GPIO${microphone.data.pin} and GPIO${amplifier.data.pin}, are swapped.`
        : 'The microphone hears nothing, so nobody knows of the speaker: mend the microphone first.',
    );
  else if (isBad('microphone') || isBad('hearing'))
    causes.push(
      `Microphone: its data wire on GPIO${microphone.data.pin}, its clock on GPIO${microphone.clock.pin}, its power, its hole.`,
    );
  else if (isBad('speaker') && isGood('hearing'))
    causes.push(
      `Speaker: the microphone hears, so it is the amplifier (data on GPIO${amplifier.data.pin}${amplifier.enable ? `, enable on GPIO${amplifier.enable.pin}` : ''}, power) or the speaker’s own wires.`,
    );
  else if (isBad('speaker'))
    causes.push('Speaker or microphone: run it again with an operator, who speaks, to know which.');
  if (isBad('air') && isGood('radio'))
    causes.push('Radio: the chip works, its antenna does not reach this computer.');
  return causes;
}
