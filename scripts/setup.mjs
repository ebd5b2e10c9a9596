// Makes a fresh clone ready to run: brings pnpm, installs what the lockfile says, builds the packages.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

for (const [title, args] of [
  ['Installing', ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']],
  ['Building', ['-r', '--if-present', 'run', 'build']],
]) {
  process.stdout.write(`${title} … `)
  const startedAt = performance.now()
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  })
  if (status !== 0) {
    console.error(`failed\n${stdout}${stderr}`)
    process.exit(1)
  }
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}
