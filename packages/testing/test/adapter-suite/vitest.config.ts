import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig } from 'vitest/config'
import repository from '../../../../vitest.config.js'

const { resolve } = repository

/** A configuration of its own: the tests in here fail, as they should. */
export default mergeConfig(
  { resolve },
  defineConfig({
    test: {
      root: fileURLToPath(new URL('.', import.meta.url)),
      include: ['*.suite.ts'],
      // All at once: what fails waits for most of its time.
      maxWorkers: 5,
    },
  }),
)
