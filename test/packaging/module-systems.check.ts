import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { codeBlocks } from '../documents/code-blocks.js'
import { openConsumer, tarballsOf, withBundlers } from './consumer.js'
import { REPOSITORY, readManifest } from './public-packages.js'
import { attempt, run } from './run.js'

const PACKAGES = ['@mailbox-hooks/core', '@mailbox-hooks/fetch']
const PROGRAM = join(REPOSITORY, 'test/packaging/receive-once.mjs')
const RECEIVED = 'mail from Ada <ada@example.com>\n200 {"received":true}\n'

describe('a project without type: module receives a delivery', () => {
  let folder = ''
  const node = (...args: string[]) => run('node', args, folder)

  beforeAll(() => {
    folder = openConsumer()
    for (const name of ['receive.mjs', 'receive.ts']) copyFileSync(PROGRAM, join(folder, name))
  })

  it('by Node', () => expect(node('receive.mjs')).toBe(RECEIVED))

  it('by ts-node with module: commonjs', () => {
    const options = { module: 'commonjs', moduleResolution: 'node10', target: 'es2022', strict: true, types: ['node'] }
    expect(node('node_modules/ts-node/dist/bin.js', '-O', JSON.stringify(options), 'receive.ts')).toBe(RECEIVED)
  })

  it.each(['esm', 'cjs'] as const)('bundled by esbuild as %s', async (format) => {
    const outfile = join(folder, `esbuild.${format === 'esm' ? 'mjs' : 'cjs'}`)
    const entryPoints = [join(folder, 'receive.mjs')]
    const { warnings } = await build({
      entryPoints,
      outfile,
      format,
      bundle: true,
      platform: 'node',
      tsconfigRaw: '{}',
    })
    expect(warnings).toEqual([])
    expect(node(outfile)).toBe(RECEIVED)
  })

  it.runIf(withBundlers)('bundled by webpack', () => {
    const options = `{ mode: 'production', target: 'node', entry: './receive.mjs', output: { path: __dirname, filename: 'webpack.cjs' } }`
    writeFileSync(
      join(folder, 'webpack-run.cjs'),
      `require('webpack')(${options}, (error, stats) => {
        console.log(error ?? stats.toString({ all: false, errors: true, warnings: true }))
      })`,
    )
    expect(node('webpack-run.cjs').trim()).toBe('')
    expect(node('webpack.cjs')).toBe(RECEIVED)
  })

  it.runIf(withBundlers)('bundled by rollup', () => {
    writeFileSync(
      join(folder, 'rollup.config.mjs'),
      `import commonjs from '@rollup/plugin-commonjs'
      import { nodeResolve } from '@rollup/plugin-node-resolve'
      const output = { file: 'rollup.mjs', format: 'esm' }
      export default { input: 'receive.mjs', output, plugins: [nodeResolve({ preferBuiltins: true }), commonjs()] }`,
    )
    node('node_modules/rollup/dist/bin/rollup', '--config', '--silent')
    expect(node('rollup.mjs')).toBe(RECEIVED)
  })

  it.runIf(withBundlers)('bundled by ncc', () => {
    node('node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', 'receive.mjs', '--out', 'ncc', '--quiet')
    expect(node('ncc/index.mjs')).toBe(RECEIVED)
  })

  it('in a test of Jest in its default mode, by the configuration of docs/compatibility.md', () => {
    const jest = join(folder, 'jest-default')
    mkdirSync(jest)
    const documented = codeBlocks('docs/compatibility.md').find(({ code }) => code.startsWith('// jest.config.mjs'))
    writeFileSync(join(jest, 'jest.config.mjs'), documented!.code)
    writeFileSync(
      join(jest, 'receive.test.js'),
      `const { openMail } = require('@mailbox-hooks/core')
      const { webhooks } = require('@mailbox-hooks/fetch')
      const { signedDelivery } = require('@mailbox-hooks/testing')

      test('receives', async () => {
        const secret = 'the-secret-of-a-consumer'
        const POST = webhooks({ providers: [openMail({ secrets: [secret] })] })(() => Response.json({ handled: true }))
        const { headers, body } = signedDelivery('openmail', 'message.received', { secret })
        const answer = await POST(new Request('http://localhost', { method: 'POST', headers, body }))
        expect(await answer.json()).toEqual({ handled: true })
      })`,
    )
    const bin = '../node_modules/jest/bin/jest.js'
    const { stdout, stderr } = attempt('node', [bin, '--json'], jest)
    expect(JSON.parse(stdout), stderr).toMatchObject({ numPassedTests: 1, numFailedTests: 0, numFailedTestSuites: 0 })
  })
})

describe('a package manager that hides what a package does not list', () => {
  const { packageManager } = readManifest(REPOSITORY) as unknown as { packageManager: string }

  /** A project with these packages in its package.json, before any installation. */
  function projectFor(name: string): string {
    const folder = join(inject('workshop'), name)
    mkdirSync(folder)
    copyFileSync(PROGRAM, join(folder, 'receive.mjs'))
    const tarballs = tarballsOf(...PACKAGES)
    const dependencies = Object.fromEntries(PACKAGES.map((each, index) => [each, `file:${tarballs[index]}`]))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies }))
    return folder
  }

  it('pnpm without hoisting', () => {
    const folder = projectFor('pnpm-strict')
    const strictly = [
      '--config.hoist=false',
      '--config.public-hoist-pattern=',
      '--config.strict-peer-dependencies=true',
    ]
    run('npx', ['--yes', packageManager, 'install', '--prefer-offline', ...strictly], folder)
    expect(run('node', ['receive.mjs'], folder)).toBe(RECEIVED)
  })

  it('Yarn with Plug and Play', () => {
    const folder = projectFor('yarn-pnp')
    writeFileSync(join(folder, 'yarn.lock'), '')
    const registry = run('npm', ['config', 'get', 'registry'], folder).trim()
    const settings = { npmRegistryServer: registry, enableTelemetry: false, enableImmutableInstalls: false }
    // JSON is YAML.
    writeFileSync(join(folder, '.yarnrc.yml'), JSON.stringify({ ...settings, nodeLinker: 'pnp', enableScripts: false }))
    const yarn = (...args: string[]) => run('npx', ['--yes', '@yarnpkg/cli-dist@4', ...args], folder)
    expect(yarn('install')).not.toMatch(/YN0002|YN0060|YN0086/) // Peers that are missing, or of a wrong version.
    expect(yarn('node', 'receive.mjs')).toBe(RECEIVED)
  })
})
