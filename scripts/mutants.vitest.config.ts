import { defineConfig } from 'vitest/config'
import repository from '../vitest.config.js'
import { testsFor } from './mutants.tests.mjs'

/** The tests that vouch for the folder whose sources are mutated, in one thread. */
export default defineConfig({
  resolve: repository.resolve,
  test: {
    ...repository.test,
    projects: undefined,
    include: testsFor(process.env.MUTANTS ?? ''),
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
    runner: './scripts/mutants.thread.ts',
    reporters: [{}],
    // A mistake that makes something wait for ever is noticed as soon as this.
    testTimeout: 5_000,
  },
})
