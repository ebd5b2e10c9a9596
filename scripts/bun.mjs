// Runs the suites of stores and of the journal on Bun, with Bun's own clients of PostgreSQL, SQLite and Redis. Gets Bun
// from npm into a folder that is deleted afterwards.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BUN = '@oven/bun-linux-x64-baseline@1.4.5'
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TESTS = ['--bun', 'node_modules/vitest/vitest.mjs', 'run', '--config', 'test/bun/vitest.config.ts']

const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-bun-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, BUN])
run(join(folder, 'node_modules/@oven/bun-linux-x64-baseline/bin/bun'), TESTS)

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
