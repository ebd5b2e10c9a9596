import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url))

const ALL = ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'examples/*/test/**/*.test.ts']

/** Tests that keep a processor busy with processes of their own, or count on leases. Two at a time, after all others. */
const BUSY = ['test/chaos/**/*.test.ts', 'test/failover/**/*.test.ts', 'test/outage/standstill-*.test.ts']

/** Tests that measure times in a browser. One after the other, at the end. */
const MEASURING = ['packages/inspector/test/load.test.ts', 'packages/inspector/test/page/budgets.test.ts']

/**
 * Tests that mock a module or clean up after a file. All others share the modules of their process: to load and to compile
 * them anew for each file takes longer than most files run.
 */
const ISOLATED = [
  'packages/cli/test/**/*.test.ts',
  'packages/core/test/providers/unused-schemas.test.ts',
  'packages/inspector/test/listener-late.test.ts',
  'test/hardening/timing.test.ts',
]

// The code blocks of documents, which tests write to files and run themselves.
const EXCLUDED = [...configDefaults.exclude, 'test/tmp-*/**', '.stryker/**']

export default defineConfig({
  resolve: {
    // The sources, so that a test sees the change that was just made, not the last build.
    alias: [
      { find: '@mailbox-hooks/core/play', replacement: source('core/src/providers/play.ts') },
      {
        find: '@mailbox-hooks/core/durable-object',
        replacement: source('core/src/stores/durable-object/index.ts'),
      },
      { find: /^@mailbox-hooks\/([\w-]+)\/([\w-]+)$/, replacement: source('$1/src/$2.ts') },
      { find: /^@mailbox-hooks\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
    ],
  },
  test: {
    exclude: EXCLUDED,
    // A test that expects nothing cannot fail.
    expect: { requireAssertions: true },
    setupFiles: ['test/setup.ts'],
    // Far more than any test takes, for a machine that does other work.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than there are processors, because most tests wait for a server half of their time. The limit is for the
    // connections that the databases allow.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ALL,
          exclude: [...EXCLUDED, ...BUSY, ...MEASURING, ...ISOLATED],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'isolated', include: ISOLATED, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'busy', include: BUSY, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'measuring', include: MEASURING, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
})
