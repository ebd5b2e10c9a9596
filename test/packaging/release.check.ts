import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { publicPackages } from './public-packages.js'
import { run } from './run.js'

const copy = inject('copy')

const versions = () => new Set(publicPackages(copy).map(({ manifest }) => manifest.version))

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
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], copy)
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
