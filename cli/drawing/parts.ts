// The parts beside the board: what each is called, its legs from top to bottom, and where each leg goes.
import type { Wiring } from '#boards/wiring/facts.ts';
import type { Wire } from '#boards/wiring/rules.ts';

/** A leg goes to a pin of the chip, or to a supply by its name. */
export interface Leg {
  name: string;
  wire?: Wire;
  supply?: string;
}

export interface Part {
  key: Wire['part'];
  title: string;
  what: string;
  legs: Leg[];
  notes: string[];
}

const LEGS: Record<Wire['signal'], string> = {
  clock: 'BCLK',
  select: 'LRC',
  data: 'DIN',
  enable: 'SD',
  touch: 'I/O',
  light: 'LED +',
  volts: 'middle',
};

/** What is printed next to the leg of the part that the wire ends at. */
export function legName({ part, signal }: Wire, wiring: Wiring): string {
  if (part !== 'microphone') return LEGS[signal];
  if (wiring.microphone.kind === 'pdm') return signal === 'clock' ? 'CLK' : 'DATA';
  return { clock: 'SCK', select: 'WS', data: 'SD' }[signal as 'clock' | 'select' | 'data'];
}

/** The parts that do not come with the board, each with all its legs. */
export function partsBeside(wires: readonly Wire[], wiring: Wiring): Part[] {
  const parts: Part[] = [];
  for (const key of ['microphone', 'amplifier', 'paw', 'heart', 'battery'] as const) {
    const own = wires.filter((wire) => wire.part === key && !wire.isOnboard);
    if (own.length === 0) continue;
    const legs = own.map((wire): Leg => ({ name: legName(wire, wiring), wire }));
    parts.push({ key, ...describe(key, legs, wiring) });
  }
  return parts;
}

function describe(key: Wire['part'], legs: Leg[], wiring: Wiring): Omit<Part, 'key'> {
  const power = wiring.supply === 'power bank' ? '5V' : 'cell +';
  switch (key) {
    case 'microphone':
      return {
        title: 'Microphone',
        what: wiring.microphone.part,
        legs: [
          ...legs,
          { name: 'L/R', supply: 'GND' },
          { name: 'VDD', supply: '3V3' },
          { name: 'GND', supply: 'GND' },
        ],
        notes: ['hole towards the fur'],
      };
    case 'amplifier':
      return {
        title: 'Amplifier',
        what: wiring.amplifier.part,
        legs: [
          ...legs,
          { name: 'GAIN', supply: 'leave open' },
          { name: 'VIN', supply: power },
          { name: 'GND', supply: 'GND' },
        ],
        notes: ['SD: also 10 kΩ to GND'],
      };
    case 'paw':
      return {
        title: 'Paw',
        what: `touch plate, ${wiring.paw.part}`,
        legs: [...legs, { name: 'VCC', supply: '3V3' }, { name: 'GND', supply: 'GND' }],
        notes: [],
      };
    case 'heart':
      return {
        title: 'Heart',
        what: 'red LED behind 330 Ω',
        legs: [...legs, { name: 'LED −', supply: 'GND' }],
        notes: [],
      };
    case 'battery':
      return {
        title: 'Battery gauge',
        what: '2 × 100 kΩ, 100 nF to GND',
        legs: [{ name: 'top', supply: 'cell +' }, ...legs, { name: 'bottom', supply: 'GND' }],
        notes: [],
      };
  }
}
