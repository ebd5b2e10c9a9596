import { defineConfig } from 'vitest/config'

/** A configuration of its own: the website is built before, by `npm run site`. */
export default defineConfig({
  test: { include: ['test/site/*.check.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
