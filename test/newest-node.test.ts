import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { findNode22 } from './nodes/find-node-22.js'

/** Tests that need a newer Node than the oldest one that is promised. */
const TESTS = ['packages/pg-boss']

const isNewer = Number(process.versions.node.split('.')[0]) >= 22
// It takes most of a minute, and is for the weekly run.
const isLong = process.env.LONG_TESTS !== undefined
const node22 = isNewer || !isLong ? undefined : findNode22()

it.skipIf(node22 === undefined)('the newest pg-boss works on the Node that it needs', { timeout: 120_000 }, () => {
  // It is there, as the line above says.
  const { status, stdout } = spawnSync(node22!, ['node_modules/vitest/vitest.mjs', 'run', ...TESTS], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(status, stdout).toBe(0)
  expect(stdout).toMatch(/Tests {2}\d+ passed \(\d+\)/)
})
