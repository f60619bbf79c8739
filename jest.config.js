/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/tests/**/*.test.{ts,tsx}'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2023',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  globalSetup: '<rootDir>/tests/harness/runner/global-setup.js',
  globalTeardown: '<rootDir>/tests/harness/runner/global-teardown.js',
  testSequencer: '<rootDir>/tests/harness/runner/sequencer.js',
  reporters: ['<rootDir>/tests/harness/runner/reporter.js'],
  // Temporal's SDK looks at its globals again when a file is over
  testEnvironmentOptions: { globalsCleanup: 'off' },
  testTimeout: 120_000,
  // stories wait nearly as much as they compute: more than the two cores of the smallest machine
  maxWorkers: 3,
  // files leave something of their modules behind; a worker that has grown is replaced before it gets slow to end
  workerIdleMemoryLimit: '1GB',
};
