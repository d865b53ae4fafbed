// Espressif’s ESP32-DevKitC (4 MB flash), for the bench, with the plush library’s own GATT server as the radio. Facts only; no code.

/** Name of the board; the build's `--board`. */
export const BOARD: string = 'esp32-devkitc';
/** What STATUS and a signed program call the board: given once, never again to another. */
export const BOARD_NUMBER: number = 3;
/** File of wiring/ that has its parts and wires, without its ending. */
export const WIRING: string = 'esp32-devkitc';
/** Which radio the bundle carries: 'nrf' (Espruino's NRF) or 'native' (the plush library's GATT server). */
export const RADIO: string = 'native';

// Pins, by GPIO number; the reasons are in wiring/esp32-devkitc.ts. The I2S pins belong to the native library.
/** Capacitive touch breakout (TTP223) in the paw; wakes the chip. */
export const PAW_PIN: number = 4;
/** Level of the paw's pin while it is touched. */
export const PAW_ACTIVE: number = 1;
/** The paw’s pin can wake the chip from deep sleep; where it cannot, the toy never sleeps deep. */
export const PAW_WAKES: boolean = true;
export const HEART_PIN: number = 23;
/** Level that lights the heart. */
export const HEART_ACTIVE: number = 1;
/** ADC1 channel that sees half the cell's voltage (two equal resistors); -1 where there is none. */
export const BATTERY_PIN: number = 35;
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
/** Variables of 13 bytes in use at the worst moment, of 4095: every chip gets a C3’s pool. */
export const VARIABLES: number = 3000;
