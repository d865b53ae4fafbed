// The programs of tests of the toy's C: which sources each is built from.

/** A program: what it is about, its file here, the sources under test (or fakes, in `fake_esp/`), and what it is linked with. */
export interface NativeProgram {
  readonly title: string;
  readonly test: string;
  readonly sources: string[];
  readonly libraries: string[];
  readonly defines: string[];
  /** Runs under the thread sanitizer instead of those for addresses and undefined behaviour. */
  readonly isThreaded?: boolean;
}

const PLUSH = {
  test: 'plush-test.c',
  sources: [
    ...['plush_esp32.c', 'sound_esp32.c', 'level.c', 'selftest.c', 'voice.c', 'ring.c', 'tones.c'],
    'fake_esp/sound.c',
  ],
  libraries: ['opus', 'm', 'pthread'],
};

const PROGRAM = {
  sources: [
    ...['program.c', 'program_slot.c', 'program_update.c', 'program_esp32.c'],
    ...['makerstore_esp32.c', 'entry_esp32.c', 'fake_esp/storage.c', 'fake_esp/flash.c', 'fake_esp/maker.c'],
  ],
  libraries: ['sodium'],
  defines: [],
};

const RADIO = {
  test: 'radio-test.c',
  sources: [
    'radio_esp32.c',
    'pace_esp32.c',
    'stack_esp32.c',
    'advertiser_esp32.c',
    'ring.c',
    'fake_esp/bluetooth.c',
  ],
  libraries: ['pthread'],
  defines: [],
};

const POWER = {
  test: 'power-test.c',
  sources: ['power.c', 'power_esp32.c', 'fake_esp/sleep.c'],
  libraries: [],
};

export const PROGRAMS: NativeProgram[] = [
  { title: 'level', test: 'level-test.c', sources: ['level.c'], libraries: ['m'], defines: [] },
  { title: 'self-test', test: 'selftest-test.c', sources: ['selftest.c'], libraries: ['m'], defines: [] },
  {
    title: 'voice',
    test: 'voice-test.c',
    sources: ['voice.c', 'ring.c', 'level.c'],
    libraries: ['opus', 'm'],
    defines: [],
  },
  { title: 'tones', test: 'tones-test.c', sources: ['tones.c', 'level.c'], libraries: [], defines: [] },
  { title: 'radio', ...RADIO },
  { title: 'radio, its tasks as threads', isThreaded: true, ...RADIO, test: 'radio-tasks-test.c' },
  {
    title: 'key store',
    test: 'keystore-test.c',
    sources: ['keystore_esp32.c', 'entry_esp32.c', 'keyslots.c', 'fake_esp/storage.c'],
    libraries: ['sodium'],
    defines: [],
  },
  { title: 'programs, which runs', test: 'program-test.c', ...PROGRAM },
  { title: 'programs, a newer one', test: 'program-update-test.c', ...PROGRAM },
  { title: 'plush, an I2S microphone', defines: [], ...PLUSH },
  { title: 'plush, its tasks as threads', isThreaded: true, defines: [], ...PLUSH },
  { title: 'power, a C3', defines: [], ...POWER },
  { title: 'power, a first ESP32', defines: ['CONFIG_IDF_TARGET_ESP32'], ...POWER },
  {
    title: 'power, an Atom Echo',
    defines: ['CONFIG_IDF_TARGET_ESP32', 'PAWPOST_BOARD_ATOM_ECHO'],
    ...POWER,
  },
  { title: 'power, an S3', defines: ['CONFIG_IDF_TARGET_ESP32S3'], ...POWER },
  { title: 'plush, a PDM microphone', defines: ['PAWPOST_BOARD_ATOM_ECHO'], ...PLUSH },
  { title: 'plush, two I2S ports', defines: ['PAWPOST_BOARD_XIAO_S3_SENSE'], ...PLUSH },
];
