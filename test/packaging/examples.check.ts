import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { REPOSITORY, readManifest } from './public-packages.js'
import { attempt, run } from './run.js'

const EXAMPLES = join(REPOSITORY, 'examples')
const COPIES = join(inject('workshop'), 'examples')

/** One of each adapter, in a few seconds. The others take minutes, and most need a server. */
const ALWAYS = ['express-quickstart', 'koa-quickstart', 'fastify-quickstart', 'hono-fetch']

const all = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'package.json')))
const copied = process.env.LONG_TESTS === undefined ? ALWAYS : all

/** Takes what was compiled for the original, which takes minutes where no binary can be fetched. */
function takeCompiled(module: string, copy: string): void {
  const from = join(EXAMPLES, basename(copy), module)
  if (!existsSync(join(from, 'build'))) return
  expect(readManifest(join(copy, module)).version).toBe(readManifest(from).version)
  cpSync(join(from, 'build'), join(copy, module, 'build'), { recursive: true })
}

describe.each(copied)('examples/%s, copied out of the repository', (name) => {
  const folder = join(COPIES, name)

  beforeAll(() => {
    const isOurs = /^(node_modules|test|\.next|.*\.db)$/
    cpSync(join(EXAMPLES, name), folder, { recursive: true, filter: (path) => !isOurs.test(basename(path)) })
    // As with the published packages: `npm install`, and nothing else. Only better-sqlite3 has a script that matters.
    const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--ignore-scripts']
    run('npm', ['install', ...quietly, `--@mailbox-hooks:registry=${inject('registry')}`], folder)
    takeCompiled('node_modules/better-sqlite3', folder)
  })

  it('has the packed packages', () => {
    const { dependencies = {} } = readManifest(folder)
    const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@mailbox-hooks/'))
    expect(ours).not.toEqual([])
    for (const each of ours) {
      const { manifest, folder: unpacked } = inject('packed').find(({ manifest }) => manifest.name === each)!
      const main = (where: string) => readFileSync(join(where, manifest.main!), 'utf8')
      expect(main(join(folder, 'node_modules', each))).toBe(main(unpacked))
    }
  })

  it('compiles', () => {
    const compiler = join(REPOSITORY, 'node_modules/.bin/tsc')
    expect(attempt(compiler, ['-p', 'tsconfig.json'], folder)).toMatchObject({ stdout: '', status: 0 })
  })

  it('does what its tests say of the original', () => {
    const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
    const command = [`EXAMPLES_FOLDER=${COPIES}`, 'node', vitest, 'run', '--reporter=json', `examples/${name}/`]
    const { stdout, stderr } = attempt('env', command, REPOSITORY)
    const report = JSON.parse(stdout.slice(stdout.indexOf('{"numTotal')))
    expect(report, stdout + stderr).toMatchObject({ success: true })
    expect(report.numPassedTests).toBeGreaterThan(0)
  })
})
