import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import semver from 'semver'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { titled } from '../../packages/testing/src/titled.js'
import { entriesOf, REPOSITORY } from './public-packages.js'
import { attempt, run } from './run.js'

const packed = inject('packed')
const entries = packed.flatMap(({ manifest }) => entriesOf(manifest))

/** The ranges of what users bring themselves, by package. */
function peerRanges(): Map<string, string[]> {
  const own = new Set(packed.map(({ manifest }) => manifest.name))
  const ranges = new Map<string, string[]>()
  for (const { manifest } of packed) {
    for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
      if (!own.has(name)) ranges.set(name, [...(ranges.get(name) ?? []), range])
    }
  }
  return ranges
}

/** The types of peers that come without their own. */
const typesOfPeers = () =>
  packed
    .flatMap(({ manifest }) => Object.keys(manifest.devDependencies ?? {}))
    .filter((name) => peerRanges().has(name.replace(/^@types\//, '')) && name.startsWith('@types/'))

/** The lowest version that all packages allow, and the highest. */
const lowest = (ranges: readonly string[]) => semver.rsort(ranges.map((range) => semver.minVersion(range)!))[0]!.version
const highest = (ranges: readonly string[]) => ranges.join(' ')

const CONSUMERS = [
  // The first compiler that knows that Node's require() loads ES modules.
  { what: 'lowest', version: lowest, typescript: '5.8' },
  { what: 'highest', version: highest, typescript: 'latest' },
]

for (const { what, version, typescript } of CONSUMERS)
  describe(`a project with the ${what} versions of all peers`, () => {
    const folder = join(inject('workshop'), what)

    beforeAll(() => {
      mkdirSync(folder)
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
      const peers = [...peerRanges()].map(([name, ranges]) => `${name}@${version(ranges)}`)
      const compiler = [`typescript@${typescript}`, '@types/node@20', ...typesOfPeers()]
      const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
      run('npm', ['install', ...quietly, ...packed.map(({ tarball }) => tarball), ...peers, ...compiler], folder)
    })

    it('has one copy of each package', () => {
      for (const { manifest } of packed) {
        const found = run('find', ['.', '-type', 'd', '-path', `*/node_modules/${manifest.name}`], folder)
        expect(found.trim().split('\n')).toEqual([`./node_modules/${manifest.name}`])
      }
    })

    it('loads every entry by import and, the same, by require', () => {
      const names = `const names = (module) => Object.keys(module).filter((name) => name !== '__esModule').sort()`
      const list = JSON.stringify(entries)
      writeFileSync(
        join(folder, 'esm.mjs'),
        `${names}
      const loaded = {}
      for (const entry of ${list}) loaded[entry] = names(await import(entry))
      console.log(JSON.stringify(loaded))`,
      )
      writeFileSync(
        join(folder, 'commonjs.cjs'),
        `${names}
      console.log(JSON.stringify(Object.fromEntries(${list}.map((entry) => [entry, names(require(entry))]))))`,
      )
      const imported = JSON.parse(run('node', ['esm.mjs'], folder)) as Record<string, string[]>
      expect(JSON.parse(run('node', ['--no-warnings', 'commonjs.cjs'], folder))).toEqual(imported)
      for (const entry of entries) expect(imported[entry], entry).not.toEqual([])
    })

    it.each(['nodenext', 'bundler'])(
      'compiles with moduleResolution %s, the declarations of the packages checked too',
      (resolution) => {
        const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
        const list = entries.map((_, index) => `entry${index}`).join(', ')
        writeFileSync(join(folder, 'entries.mts'), `${imports.join('\n')}\nexport const entries = [${list}]\n`)
        writeFileSync(
          join(folder, 'entries.cts'),
          `import core = require('@mailbox-hooks/core')\nexport = core.openMail\n`,
        )
        const options = [
          ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', 'node'],
          ...['--moduleResolution', resolution, '--module', resolution === 'nodenext' ? 'nodenext' : 'esnext'],
        ]
        const files = resolution === 'nodenext' ? ['entries.mts', 'entries.cts'] : ['entries.mts']
        const { status, stdout } = attempt('npx', ['tsc', ...options, ...files], folder)
        expect(status === 0 || stdout.includes('error TS'), 'the compiler has run').toBe(true)
        // The types of some frameworks do not fit those of their own dependencies; ours must.
        const ours = stdout.split('\n').filter((line) => /^(entries|node_modules\/@mailbox-hooks\/)/.test(line))
        expect(ours).toEqual([])
      },
    )

    // NestJS and many older projects compile like this. TypeScript 6 and later no longer do.
    it('compiles with module: commonjs of TypeScript 5.9, the subpaths too', () => {
      const paths = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
      const list = entries.map((_, index) => `entry${index}`).join(', ')
      writeFileSync(join(folder, 'classic.ts'), `${paths.join('\n')}\nexport const classic = [${list}]\n`)
      const compiler = join(REPOSITORY, 'test/node_modules/typescript-5.9/bin/tsc')
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--module', 'commonjs']
      const { status, stdout } = attempt(
        'node',
        [compiler, ...options, '--moduleResolution', 'node10', 'classic.ts'],
        folder,
      )
      expect(status === 0 || stdout.includes('error TS'), 'the compiler has run').toBe(true)
      const ours = stdout.split('\n').filter((line) => /^(classic|node_modules\/@mailbox-hooks\/)/.test(line))
      expect(ours).toEqual([])
    })

    // With the vite that it gets today, the lowest vitest runs no test at all.
    it.runIf(what === 'highest')('runs the suites of @mailbox-hooks/testing by its own vitest', () => {
      writeFileSync(
        join(folder, 'suite.test.mjs'),
        `import { memoryStore } from '@mailbox-hooks/core'
      import { storeSuite } from '@mailbox-hooks/testing'
      let now = 0
      const store = memoryStore({ now: () => now })
      const pass = async (ms) => { now += ms }
      const clear = () => pass(365 * 24 * 3600_000)
      storeSuite({ name: 'store', open: async () => ({ store, another: async () => store, pass, clear, close: async () => {} }) })`,
      )
      const { stdout, stderr } = attempt('npx', ['--no-install', 'vitest', 'run', '--reporter=json'], folder)
      const { numTotalTests, numPassedTests } = JSON.parse(stdout)
      expect(numTotalTests).toBeGreaterThan(50)
      expect(numPassedTests).toBe(numTotalTests)
      expect(stderr).not.toContain('Warning')
    })

    const commands = packed.flatMap(({ manifest: { bin = {}, version } }) =>
      Object.keys(bin).map((command) => ({ command, version })),
    )
    it.each(titled(commands, 'command'))('can run %s', ({ command, version }) => {
      expect(run('npx', ['--no-install', command, '--help'], folder)).toContain(command)
      expect(run('npx', ['--no-install', command, '--version'], folder)).toBe(`${version}\n`)
    })
  })
