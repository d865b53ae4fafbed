// The rules that a board must keep to be built: pins against its chip, wires against each other, areas of flash against Espruino's.
import { type Area, CHIPS, ESPRUINO_AREAS, SECTOR_BYTES } from './chips.ts';
import type { PinFact, Reason, Wiring } from './facts.ts';

/** What the rules need of the program's facts: any module of boards/ has them. */
export interface ProgramFacts {
  PAW_PIN: number;
  HEART_PIN: number;
  BATTERY_PIN: number;
  CLIPS_ADDRESS: number;
  CLIP_SLOTS: number;
  POLICY_ADDRESS: number;
  SETTINGS_ADDRESS: number;
  PROGRAMS_ADDRESS: number;
  FLASH_END: number;
}

/** One wire from the chip to a part. */
export interface Wire {
  part: 'microphone' | 'amplifier' | 'paw' | 'heart' | 'battery';
  signal: 'clock' | 'select' | 'data' | 'enable' | 'touch' | 'light' | 'volts';
  pin: number;
  isOutput: boolean;
  isOnboard: boolean;
  reason: Reason;
}

const CLIP_SLOT_BYTES = 32 * SECTOR_BYTES;
const TWIN_BYTES = 2 * SECTOR_BYTES;

/** Every wire of the toy, in the order in which it is drawn. */
export function wiresOf(board: ProgramFacts, wiring: Wiring): Wire[] {
  const { microphone, amplifier } = wiring;
  const wires: Wire[] = [];
  function add(
    part: Wire['part'],
    signal: Wire['signal'],
    isOutput: boolean,
    isOnboard: boolean,
    fact: PinFact,
  ): void {
    wires.push({ part, signal, pin: fact.pin, isOutput, isOnboard, reason: fact });
  }
  add('microphone', 'clock', true, microphone.isOnboard, microphone.clock);
  if (microphone.select) add('microphone', 'select', true, microphone.isOnboard, microphone.select);
  add('microphone', 'data', false, microphone.isOnboard, microphone.data);
  add('amplifier', 'clock', true, amplifier.isOnboard, amplifier.clock);
  add('amplifier', 'select', true, amplifier.isOnboard, amplifier.select);
  add('amplifier', 'data', true, amplifier.isOnboard, amplifier.data);
  if (amplifier.enable) add('amplifier', 'enable', true, amplifier.isOnboard, amplifier.enable);
  add('paw', 'touch', false, wiring.paw.isOnboard, { ...wiring.paw, pin: board.PAW_PIN });
  add('heart', 'light', true, false, { ...wiring.heart, pin: board.HEART_PIN });
  if (board.BATTERY_PIN >= 0)
    add('battery', 'volts', false, false, {
      ...(wiring.battery ?? { source: 'ours', why: '' }),
      pin: board.BATTERY_PIN,
    });
  return wires;
}

/** The program's areas of flash, in the order of their addresses as they should be. */
export function areasOf(board: ProgramFacts): Area[] {
  const clips = board.CLIPS_ADDRESS + board.CLIP_SLOTS * CLIP_SLOT_BYTES;
  const settings = board.SETTINGS_ADDRESS + TWIN_BYTES;
  return [
    { name: 'clips', from: board.CLIPS_ADDRESS, end: clips },
    { name: 'policy', from: board.POLICY_ADDRESS, end: board.POLICY_ADDRESS + TWIN_BYTES },
    { name: 'settings', from: board.SETTINGS_ADDRESS, end: settings },
    { name: 'key store', from: settings, end: board.PROGRAMS_ADDRESS },
    { name: 'programs', from: board.PROGRAMS_ADDRESS, end: board.FLASH_END },
  ];
}

/** What is wrong with the board, one line each; empty when it can be built. */
export function boardFaults(board: ProgramFacts, wiring: Wiring): string[] {
  const wires = wiresOf(board, wiring);
  return [
    ...wires.flatMap((wire) => pinFaults(wire, wiring)),
    ...wireFaults(wires, board, wiring),
    ...flashFaults(board, wiring),
  ];
}

function pinFaults(wire: Wire, wiring: Wiring): string[] {
  const chip = CHIPS[wiring.chip];
  const what = `${wire.part} ${wire.signal} on GPIO${wire.pin}`;
  if (!chip.pins.includes(wire.pin)) return [`${what}: no such pin`];
  const faults: string[] = [];
  const owner = chip.reserved.find(({ pins }) => pins.includes(wire.pin));
  if (owner && !(wire.isOnboard && wire.reason.soldered)) faults.push(`${what}: belongs to ${owner.by}`);
  const taken = wiring.taken.find(({ pins }) => pins.includes(wire.pin));
  if (taken) faults.push(`${what}: taken by ${taken.by}`);
  if (wire.isOutput && chip.inputOnly.includes(wire.pin)) faults.push(`${what}: can only be read`);
  if (wire.part === 'battery' && !chip.adc1.includes(wire.pin)) faults.push(`${what}: not on ADC1`);
  if (wire.part === 'paw' && !chip.wake.includes(wire.pin) && !wiring.paw.cannotWake)
    faults.push(`${what}: cannot wake the chip, and nothing says so`);
  if (!wire.isOnboard && !wiring.rows.some(({ holes }) => holes.includes(wire.pin)))
    faults.push(`${what}: has no hole on the board`);
  if (wire.reason.why === '') faults.push(`${what}: nothing says why`);
  return faults;
}

function wireFaults(wires: readonly Wire[], board: ProgramFacts, wiring: Wiring): string[] {
  const chip = CHIPS[wiring.chip];
  const { microphone, amplifier } = wiring;
  const faults: string[] = [];
  const isTiming = ({ signal }: Wire) => signal === 'clock' || signal === 'select';
  const isAmplifiers = ({ pin }: Wire) =>
    wires.some((other) => other.part === 'amplifier' && other.pin === pin);
  for (const [at, wire] of wires.entries()) {
    const other = wires.slice(0, at).find(({ pin }) => pin === wire.pin);
    if (!other) continue;
    const mayShare = wiring.takesTurns && isTiming(wire) && isTiming(other) && wire.part !== other.part;
    if (!mayShare)
      faults.push(`GPIO${wire.pin}: both ${other.part} ${other.signal} and ${wire.part} ${wire.signal}`);
  }
  if (microphone.kind === 'pdm' && !chip.hearsPdm) faults.push(`${chip.name} cannot hear a PDM microphone`);
  if ((microphone.kind === 'pdm') !== (microphone.select === null))
    faults.push('a PDM microphone, and no other, goes without word select');
  const isOneBus =
    microphone.clock.pin === amplifier.clock.pin && microphone.select?.pin === amplifier.select.pin;
  if (chip.i2sPorts === 1 && !(isOneBus && wiring.takesTurns))
    faults.push(
      `${chip.name} has one I2S: microphone and amplifier must share clock and word select, and take turns`,
    );
  const shared = wires.filter((wire) => wire.part === 'microphone' && isAmplifiers(wire)).length;
  const couldHearItself =
    shared === 0 && chip.i2sPorts > 1 ? 2 : isOneBus && microphone.kind === 'i2s' ? 1 : 0;
  if ((wiring.hearsItself?.ports ?? 0) !== couldHearItself)
    faults.push(
      couldHearItself === 0
        ? 'it cannot listen while it plays: microphone and amplifier share a wire, and no bus'
        : `it could listen while it plays, with ${couldHearItself} of the chip’s I2S`,
    );
  if (wiring.hearsItself?.why === '') faults.push('that it hears itself has a reason');
  if (!wiring.hearsItself && !wiring.takesTurns) faults.push('nothing says why it cannot hear itself');
  if (board.BATTERY_PIN < 0 !== (wiring.battery === null) || (wiring.battery === null && !wiring.noBattery))
    faults.push('the battery is on a pin, or its absence has a reason');
  return faults;
}

function flashFaults(board: ProgramFacts, wiring: Wiring): string[] {
  const faults: string[] = [];
  const all = [...ESPRUINO_AREAS, ...areasOf(board)];
  for (const [at, area] of all.entries()) {
    const name = `${area.name} at 0x${area.from.toString(16)}`;
    if (area.from % SECTOR_BYTES !== 0 || area.end % SECTOR_BYTES !== 0)
      faults.push(`${name}: not whole sectors`);
    if (area.end - area.from < SECTOR_BYTES) faults.push(`${name}: no sector of it is left`);
    if (area.end > wiring.flashBytes) faults.push(`${name}: ends after the flash`);
    for (const other of all.slice(0, at))
      if (area.from < other.end && other.from < area.end) faults.push(`${name}: overlaps ${other.name}`);
  }
  return faults;
}
