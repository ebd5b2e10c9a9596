import { readdirSync, readFileSync } from 'node:fs'
import type { KnipConfig } from 'knip'

/** Returns the sources that a package's exports and commands are built from. */
function sourcesOf(name: string): string[] {
  const { exports, bin = {} } = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'))
  const built = JSON.stringify([exports, bin]).matchAll(/dist\/([\w/-]+)\.js/g)
  return [...built].map(([, path]) => `src/${path}.ts`)
}

const packages = Object.fromEntries(
  readdirSync('packages').map((name) => [
    `packages/${name}`,
    {
      entry: [
        ...sourcesOf(name),
        'test/**/{*.{test,test-d,suite},*-module,vitest.config}.ts',
        ...(name === 'inspector' ? ['page/{vite.config.ts,src/main.tsx}'] : []),
      ],
      project: ['src/**', 'test/**', ...(name === 'inspector' ? ['page/**/*.{ts,tsx}'] : [])],
      // The suites are tested by the stores and adapters, whose packages the suites need: listed, they would be a circle.
      ignoreDependencies: name === 'core' ? ['@mailbox-hooks/testing'] : [],
    },
  ]),
)

/** Run by their names, not imported. */
const COMMANDS = ['@arethetypeswrong/cli', 'publint']

/** Imported by the examples of the documents, which the tests write to files and compile. */
const IN_DOCUMENTS = ['standardwebhooks', /supertest$/]

const config: KnipConfig = {
  workspaces: {
    // The example of Next.js, which uses it, is no workspace.
    '.': { entry: ['scripts/*.mjs', 'scripts/mutants.{thread,vitest.config}.ts', 'examples/quickstart-tests.ts'] },
    test: {
      entry: [
        '**/*.{test,check}.ts',
        // Written by the tests of documents, and left there.
        '!tmp-*/**',
        'bun/*',
        'chaos/receiver.ts',
        'queues/exactly-once-worker.ts',
        'packaging/{vitest.config,pack-clean-copy}.ts',
        'packaging/receive-once.mjs',
        'matrix/{main,vitest.config}.ts',
        'matrix/apps/**/*.{ts,js}',
        'types/fixtures/**/*.ts',
      ],
      ignoreDependencies: [...COMMANDS, ...IN_DOCUMENTS],
    },
    // Started as processes of their own.
    bench: { entry: ['start/*.mjs'] },
    // The pages are found by their place, and Vue by the path of its files.
    site: { ignoreDependencies: ['vue'] },
    'examples/*': { entry: ['test/**/*.test.ts'] },
    // The script that starts it bundles the worker.
    'examples/cloudflare-workers': { entry: ['test/**/*.test.ts', 'worker.ts'] },
    ...packages,
  },
  // Node loads it for the examples that tests start.
  ignoreDependencies: ['tsx'],
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreBinaries: ['openssl', 'redis-server'],
}

export default config
