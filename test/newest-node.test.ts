import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { missing } from './servers/services.js'

const require = createRequire(import.meta.url)

/** What needs a newer Node than the oldest one that is promised. */
const TESTS = ['packages/pg-boss']

const isNewer = Number(process.versions.node.split('.')[0]) >= 22
const node22 = isNewer ? undefined : findNode22()

function findNode22(): string | undefined {
  try {
    return require.resolve('node-22/bin/node')
  } catch {
    // An optional dependency, for x64 Linux.
    missing('there is no Node 22 for this platform')
    return undefined
  }
}

it.skipIf(node22 === undefined)('the newest pg-boss works on the Node that it needs', { timeout: 120_000 }, () => {
  const { status, stdout } = spawnSync(node22!, ['node_modules/vitest/vitest.mjs', 'run', ...TESTS], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(status, stdout).toBe(0)
  expect(stdout).toMatch(/Tests {2}\d+ passed \(\d+\)/)
})
