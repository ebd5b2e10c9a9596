import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const SOURCES = new URL('../packages/core/src', import.meta.url).pathname
const ARCHITECTURE = readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8')

/** The entries of the core, from the highest floor to the lowest, as ARCHITECTURE.md lists them. */
const FLOORS = [...ARCHITECTURE.matchAll(/^\| `([\w-]+)\/` +\|/gm)].map(([, folder]) => folder!)

/** Used on every floor. */
const BASEMENT = ['errors.ts', 'timeouts.ts']

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
const folderOf = (path: string) => path.split('/')[0]!

/** The folders or root files that a file imports from. */
function importsOf(file: string): string[] {
  const specifiers = readFileSync(join(SOURCES, file), 'utf8').matchAll(/from '(\.[^']+)\.js'/g)
  return [...specifiers].map(([, specifier]) =>
    folderOf(relative(SOURCES, join(SOURCES, dirname(file), `${specifier}.ts`))),
  )
}

describe('the folders of the core', () => {
  it('are all on a floor of ARCHITECTURE.md', () => {
    const folders = new Set(files.filter((file) => file.includes('/')).map(folderOf))
    expect([...FLOORS].sort()).toEqual([...folders].sort())
  })

  it('are at most 25 entries, with the files beside them', () => {
    expect(readdirSync(SOURCES).length).toBeLessThanOrEqual(25)
  })

  it.each(FLOORS)('import from %s/ downwards only', (folder) => {
    const allowed = [...FLOORS.slice(FLOORS.indexOf(folder)), ...BASEMENT]
    const upward = files
      .filter((file) => folderOf(file) === folder)
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ target }) => !allowed.includes(target))
    expect(upward).toEqual([])
  })
})
