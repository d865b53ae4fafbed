import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The suites run libsodium, SQLite and whole BLE stacks on two cores: generous, never a measure of speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['test/support/built-toys.ts'],
    pool: 'forks',
    // More than there are cores: most tests wait for radios, disks and processes in real time.
    maxWorkers: 3,
    // Browsers and radios in real time on a loaded machine may be late once. Twice is a failure; a run by hand forgives nothing.
    retry: process.env.CI === undefined ? 0 : 1,
    reporters: ['default'],
  },
});
