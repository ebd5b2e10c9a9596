// Makes a fresh clone ready to run: brings pnpm, installs what the lockfile says, builds the packages.
//
//   node scripts/setup.mjs                      everything
//   node scripts/setup.mjs --only WORKSPACE     what that workspace needs to run from the sources, and no build
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const [flag, workspace] = process.argv.slice(2)
const { packageManager } = JSON.parse(read('package.json'))

// `--config.confirm-modules-purge=false`: after `--only`, an installation of everything begins anew, and does not ask.
const INSTALL = ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']
if (flag === '--only') {
  // A complete installation stays one: `--prod` would take from it what it leaves out.
  const dependencies = hasEverything() ? [] : ['--prod']
  step('Installing', [...INSTALL, ...dependencies, '--filter-prod', `${workspace}...`])
} else {
  step('Installing', [...INSTALL, '--config.confirm-modules-purge=false'])
  step('Building', ['-r', '--if-present', 'run', 'build'])
}

function step(title, args) {
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

/** Whether the tools and tests were installed, too. */
function hasEverything() {
  const state = 'node_modules/.modules.yaml'
  if (!existsSync(new URL(`../${state}`, import.meta.url))) return false
  return JSON.parse(read(state)).included.devDependencies
}

function read(path) {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}
