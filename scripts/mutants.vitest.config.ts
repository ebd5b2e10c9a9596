import { defineConfig } from 'vitest/config'
import repository from '../vitest.config.js'
import { testsFor } from './mutants.tests.mjs'

/** The tests that vouch for the folder whose sources are mutated. */
export default defineConfig({
  resolve: repository.resolve,
  test: {
    ...repository.test,
    projects: undefined,
    setupFiles: [...repository.test.setupFiles, 'scripts/mutants.setup.ts'],
    include: testsFor(process.env.MUTANTS ?? ''),
    // A mistake that makes something wait for ever is noticed as soon as this.
    testTimeout: 5_000,
  },
})
