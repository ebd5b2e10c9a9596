import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const REPOSITORY = new URL('..', import.meta.url).pathname

/** The folders of the workspace, of which the lockfile has a list. */
const lockfile = readFileSync(join(REPOSITORY, 'pnpm-lock.yaml'), 'utf8')
const [importers] = lockfile.match(/^importers:\n[\s\S]*?^(?=\w)/m)!
const workspaces = [...importers.matchAll(/^ {2}(\S+):$/gm)].map(([, path]) => join(REPOSITORY, path!))

describe('a fresh machine', () => {
  it('needs no compiler: better-sqlite3, which may have to be compiled, is optional for every workspace', () => {
    const snapshots = [...lockfile.matchAll(/^ {2}better-sqlite3@[\d.]+:\n {4}dependencies:\n(?: {4}.*\n)+/gm)]
    expect(snapshots).toHaveLength(1)
    expect(snapshots[0]![0]).toContain('    optional: true\n')
  })

  it('runs every script by its own Node: no package puts another one in the PATH', () => {
    const modules = [...workspaces, join(REPOSITORY, 'node_modules/.pnpm')].map((folder) =>
      join(folder, 'node_modules'),
    )
    const commands = modules.map((folder) => join(folder, '.bin')).filter(existsSync)
    expect(commands.length).toBeGreaterThan(10)
    for (const folder of commands) expect(readdirSync(folder), dirname(folder)).not.toContain('node')
  })
})
