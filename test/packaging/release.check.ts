import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openEmptyRegistry } from './empty-registry.js'
import { publicPackages } from './public-packages.js'
import { run } from './run.js'

const copy = inject('copy')

const versions = () => new Set(publicPackages(copy).map(({ manifest }) => manifest.version))

const git = (...args: string[]) =>
  run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], copy)

const changelog = (folder: string) => readFileSync(join(copy, folder, 'CHANGELOG.md'), 'utf8')

describe('the release', () => {
  it('has one version for all packages, of which each changelog tells', () => {
    const [version, ...others] = versions()
    expect(others).toEqual([])
    for (const { folder } of publicPackages(copy)) expect(changelog(folder), folder).toContain(`\n## ${version}\n`)
  })
})

describe('the next release', () => {
  beforeAll(() => {
    // The changelog names the commit that brought a change, so there must be one.
    git('init', '--quiet')
    writeFileSync(join(copy, '.changeset/planted.md'), "---\n'@mailbox-hooks/core': minor\n---\n\nA planted change.\n")
    git('add', '--all')
    git('commit', '--quiet', '--message', 'Everything')
    run(join(copy, 'node_modules/.bin/changeset'), ['version'], copy)
  })

  it('gives all packages one version, and does not leave 0.x by accident', () => {
    expect([...versions()]).toEqual([expect.stringMatching(/^0\.[1-9]\d*\.\d+$/)])
  })

  it('tells what changed', () => {
    expect(changelog('packages/core')).toContain('A planted change.')
  })
})

describe('scripts/release.sh, when all changesets have been taken up', () => {
  const origin = join(inject('workshop'), 'origin.git')
  let registry: Awaited<ReturnType<typeof openEmptyRegistry>>

  beforeAll(async () => {
    registry = await openEmptyRegistry()
    for (const { folder, manifest } of publicPackages(copy)) {
      const publishConfig = { registry: `http://${registry.host}/` }
      writeFileSync(join(copy, folder, 'package.json'), JSON.stringify({ ...manifest, publishConfig }))
    }
    git('add', '--all')
    git('commit', '--quiet', '--message', 'Release')
    git('init', '--quiet', '--bare', origin)
    git('remote', 'add', 'origin', origin)
    // Not by `run`: the registry must answer meanwhile.
    for (const step of ['publish', 'record']) {
      await promisify(execFile)('scripts/release.sh', [step], { cwd: copy, env: onlyForThisRegistry() })
    }
  })
  afterAll(() => registry.close())

  /** A machine that has no pnpm, whose git knows nobody, and that may publish to this registry. */
  function onlyForThisRegistry(): NodeJS.ProcessEnv {
    const { NODE_ENV: _, NODE_OPTIONS: __, NPM_CONFIG_USERCONFIG, ...env } = process.env
    const user = env.npm_config_userconfig ?? NPM_CONFIG_USERCONFIG ?? join(homedir(), '.npmrc')
    const npmConfig = join(inject('workshop'), 'npmrc')
    const gitConfig = join(inject('workshop'), 'gitconfig')
    const known = existsSync(user) ? readFileSync(user, 'utf8') : ''
    writeFileSync(npmConfig, `${known}\n//${registry.host}/:_authToken=test\n`)
    writeFileSync(gitConfig, '[user]\nuseConfigOnly = true\n')
    return {
      ...env,
      npm_config_userconfig: npmConfig,
      GIT_CONFIG_GLOBAL: gitConfig,
      GIT_CONFIG_SYSTEM: '/dev/null',
      GITHUB_SERVER_URL: 'https://code.example',
      GITHUB_REPOSITORY: 'owner/name',
    }
  }

  it('publishes every public package', () => {
    const names = (manifests: readonly { readonly name: string; readonly version: string }[]) =>
      manifests.map(({ name, version }) => `${name}@${version}`).sort()
    expect(names(registry.published)).toEqual(names(publicPackages(copy).map(({ manifest }) => manifest)))
  })

  it('publishes ranges that a registry understands, and where each package comes from', () => {
    for (const { name, repository, dependencies, peerDependencies } of registry.published) {
      const ranges = Object.values({ ...dependencies, ...peerDependencies })
      expect(
        ranges.filter((range) => /^(workspace|catalog):/.test(range)),
        name,
      ).toEqual([])
      expect(repository?.url, name).toBe('git+https://code.example/owner/name.git')
    }
  })

  it('pushes a tag for each', () => {
    const tags = run('git', ['--git-dir', origin, 'tag'], copy).trim().split('\n')
    expect(tags.sort()).toEqual(registry.published.map(({ name, version }) => `${name}@${version}`).sort())
  })
})
