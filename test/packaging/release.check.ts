import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { publicPackages } from './public-packages.js'
import { run } from './run.js'

const copy = inject('copy')

describe('the next release', () => {
  beforeAll(() => {
    // The changelog names the commit that brought a change, so there must be one.
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], copy)
    git('init', '--quiet')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'Everything')
    run(join(copy, 'node_modules/.bin/changeset'), ['version'], copy)
  })

  it('gives all packages one version, and does not leave 0.x by accident', () => {
    const versions = new Set(publicPackages(copy).map(({ manifest }) => manifest.version))
    expect([...versions]).toEqual([expect.stringMatching(/^0\.[1-9]\d*\.\d+$/)])
  })
})
