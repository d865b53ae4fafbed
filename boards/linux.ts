// Espruino's Linux build with the plush library, for tests on the real interpreter: a C3's places, another world around them. Facts only; no code.

/** Name of the board; the build's `--board`. */
export const BOARD: string = 'linux';
/** What STATUS and a signed program call the board: given once, never again to another. */
export const BOARD_NUMBER: number = 100;
/** File of wiring/ that has its parts and wires; empty, as this board has none. */
export const WIRING: string = '';
/** Which radio the bundle carries: 'nrf' (Espruino's NRF) or 'native' (the plush library's GATT server). */
export const RADIO: string = 'native';

// Pins, by number: those of a chip; the test harness stands at their other end.
/** Touch input in the paw. */
export const PAW_PIN: number = 3;
/** Level of the paw's pin while it is touched. */
export const PAW_ACTIVE: number = 1;
/** The paw’s pin can wake the chip from deep sleep; where it cannot, the toy never sleeps deep. */
export const PAW_WAKES: boolean = true;
export const HEART_PIN: number = 10;
/** Level that lights the heart. */
export const HEART_ACTIVE: number = 1;
/** None here. */
export const BATTERY_PIN: number = -1;
/** Volts at a reading of 1.0 of the ADC (11 dB attenuation) times the divider's two. */
export const BATTERY_FULL_SCALE_VOLTS: number = 6.6;

// Flash. The program's partition ends at 0x203FFF, Espruino's own areas begin at 0x310000: 0x210000-0x30FFFF is free.
/** First of CLIP_SLOTS slots of 32 sectors (protocol/README.md section 8). */
export const CLIPS_ADDRESS: number = 0x210000;
export const CLIP_SLOTS: number = 7;
/** Two sectors, written alternately. */
export const POLICY_ADDRESS: number = 0x2f0000;
/** Two sectors, written alternately. */
export const SETTINGS_ADDRESS: number = 0x2f2000;
/** Two slots for signed programs (protocol/README.md section 16), up to FLASH_END. Between the settings and here is the native library's key store. */
export const PROGRAMS_ADDRESS: number = 0x2fa000;
/** First address that is not ours. */
export const FLASH_END: number = 0x310000;

// Radio limits.
/** Largest value the toy takes: ATT_MTU 247 less 3. */
export const VALUE_BYTES: number = 244;
/** Fragments the toy takes before it must be asked: the native ring holds as many. */
export const FRAGMENT_WINDOW: number = 16;

// Budgets (printed and compared by the benchmarks).
/** Interpreter instructions of JavaScript per 60 ms of voice. */
export const INSTRUCTIONS_PER_PACKET: number = 700_000;
/** Variables of 13 bytes in use at the worst moment, of 4095. */
export const VARIABLES: number = 3000;
