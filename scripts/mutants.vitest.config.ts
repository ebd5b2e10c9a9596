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
    // Leaves out tests of time and of limits, which take long and say little about a mistake. Leaves out suites that run
    // again with another client or an older framework, for the same reason.
    testNamePattern:
      /^(?!.*(?:in no time|takes no time|at once, and what|text is bounded|cost little|costs little|16,000|before the body is hashed|(?:express|fastify) 4))/,
    // A mistake that makes something wait for ever is noticed as soon as this.
    testTimeout: 8_000,
  },
})
