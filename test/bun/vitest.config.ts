import { mergeConfig } from 'vitest/config'
import root from '../../vitest.config.js'

export default mergeConfig(
  { resolve: root.resolve },
  { test: { include: ['test/bun/*.check.mjs'], setupFiles: ['test/setup.ts'], testTimeout: 60_000 } },
)
