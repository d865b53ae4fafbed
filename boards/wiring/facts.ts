// What a maker must know of a board and its wires, beside what the program knows: the shape of the files in this folder.

/** How we know: somebody built it and published it; its maker's own paper says so; or we propose it and nobody has built it. */
export type Source = 'repo' | 'datasheet' | 'ours';

/** Why a part is on the pin that it is on. */
export interface Reason {
  source: Source;
  why: string;
  /** The maker of the board has soldered it there: why a pin that its chip wants for itself does no harm. */
  soldered?: string;
}

/** A pin of the chip, by GPIO number, and why that one. */
export interface PinFact extends Reason {
  pin: number;
}

export interface Microphone {
  part: string;
  /** 'i2s' has a clock, a word select and data; 'pdm' a clock and data. */
  kind: 'i2s' | 'pdm';
  /** It comes with the board. */
  isOnboard: boolean;
  clock: PinFact;
  /** Word select; null for PDM. */
  select: PinFact | null;
  data: PinFact;
}

export interface Amplifier {
  part: string;
  isOnboard: boolean;
  clock: PinFact;
  select: PinFact;
  data: PinFact;
  /** Low silences it and puts it to sleep; null where the board has no such wire. */
  enable: PinFact | null;
}

/** A row of holes or pads: GPIO numbers and names of supplies, from top to bottom, USB where `Wiring.usb` says. */
export interface Row {
  side: 'left' | 'right';
  /** Printed above it; empty for the edge of the board itself. */
  title: string;
  holes: readonly (number | string)[];
}

/** Pins that something else on the board holds. */
export interface Taken {
  pins: readonly number[];
  by: string;
}

export type Supply = 'cell through 5V' | 'cell on BAT pads' | 'boost to 5V' | 'power bank';

/** The wires let the microphone listen while the speaker plays. */
export interface HearsItself {
  /** Of the chip's I2S: one with both directions on the same clocks, or one for each. */
  ports: 1 | 2;
  why: string;
}

export interface Wiring {
  title: string;
  chip: 'esp32' | 'esp32c3' | 'esp32s3';
  /** Espruino's board definition in firmware/native/boards that makes its image, without the ending. */
  image: string;
  flashBytes: number;
  usb: 'top' | 'bottom';
  rows: readonly Row[];
  /** What is printed next to a hole where it is not the GPIO number. */
  printed?: Readonly<Record<number, string>>;
  /** Where the rows come from. */
  rowsSource: string;
  taken: readonly Taken[];
  microphone: Microphone;
  amplifier: Amplifier;
  paw: Reason & {
    part: string;
    isOnboard: boolean;
    /** Why the paw cannot wake the sleeping chip; left out where it can. */
    cannotWake?: string;
  };
  heart: Reason;
  /** Null where the program's BATTERY_PIN is -1: why there is none. */
  battery: Reason | null;
  noBattery?: string;
  /** Microphone and amplifier share wires, so the toy speaks and listens in turn: why. */
  takesTurns?: string;
  /** How microphone and speaker can work at once in the test of a new unit; left out where they cannot, for `takesTurns` says why. */
  hearsItself?: HearsItself;
  supply: Supply;
  charge: string;
  console: { over: 'usb' | 'uart'; source: string };
  /** What a maker should know before buying one. */
  remarks: readonly string[];
}
