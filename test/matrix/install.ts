import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

const LIMIT_MS = 300_000

/** Makes a folder that is deleted when the process ends. */
export function makeFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `mailbox-hooks-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Packs the packages as for the registry, into a folder. Returns the files. Needs built packages. */
export function packInto(folder: string): string[] {
  mkdirSync(folder, { recursive: true })
  const { packageManager } = readJson(join(REPOSITORY, 'package.json'))
  execute('npx', ['--yes', packageManager, '--filter', './packages/*', 'pack', '--pack-destination', folder])
  return readdirSync(folder).map((file) => join(folder, file))
}

/** Installs packages into a folder, without any script of theirs. No Node among them gets into a PATH. */
export function install(folder: string, specs: readonly string[]): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  execute('npm', ['install', '--prefix', folder, '--no-bin-links', '--ignore-scripts', ...quietly, ...specs])
}

/** Returns what the command prints. Throws with everything it printed if it fails. */
export function execute(command: string, args: readonly string[], cwd = REPOSITORY): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: LIMIT_MS })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${error ?? ''}${stdout}${stderr}`)
  return stdout
}

/** Returns the version of an installed package. */
export const versionOf = (folder: string, name: string): string =>
  readJson(join(folder, 'node_modules', name, 'package.json')).version

export const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
