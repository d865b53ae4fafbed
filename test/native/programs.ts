// The programs of tests of the toy's C: which sources each is built from.

/** A program: its file here, the sources under test (or fakes, in `fake_esp/`), and what it is linked with. */
export interface NativeProgram {
  readonly test: string;
  readonly sources: string[];
  readonly libraries: string[];
}

export const PROGRAMS: NativeProgram[] = [
  { test: 'level-test.c', sources: ['level.c'], libraries: ['m'] },
  { test: 'voice-test.c', sources: ['voice.c', 'ring.c', 'level.c'], libraries: ['opus', 'm'] },
  {
    test: 'gatt-test.c',
    sources: ['gatt_esp32.c', 'advertiser_esp32.c', 'ring.c', 'fake_esp/bluetooth.c'],
    libraries: [],
  },
  {
    test: 'keystore-test.c',
    sources: ['keystore_esp32.c', 'keyslots.c', 'fake_esp/storage.c'],
    libraries: ['sodium'],
  },
];
