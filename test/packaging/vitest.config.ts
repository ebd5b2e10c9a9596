import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** A configuration of its own: installing packages as a stranger would takes a minute that `npm test` need not. */
export default defineConfig({
  test: {
    include: ['test/packaging/*.check.ts'],
    globalSetup: [fileURLToPath(new URL('pack-clean-copy.ts', import.meta.url))],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
