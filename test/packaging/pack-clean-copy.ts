import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openPackedRegistry } from './packed-registry.js'
import { type Manifest, publicPackages, REPOSITORY, readManifest } from './public-packages.js'
import { run } from './run.js'

export interface PackedPackage {
  readonly manifest: Manifest
  readonly tarball: string
  /** Where the tarball is unpacked. */
  readonly folder: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run, deleted afterwards. */
    workshop: string
    /** The clean copy, built. */
    copy: string
    packed: readonly PackedPackage[]
    /** The address of a registry that has the packed packages. */
    registry: string
  }
}

/**
 * Packs every public package as a stranger would who has the files and nothing else: no git history, no modules, no
 * build. Each tarball is packed once and serves all checks.
 */
export default async function packCleanCopy(project: TestProject): Promise<() => void> {
  const workshop = mkdtempSync(join(tmpdir(), 'mailbox-hooks-packaging-'))
  const copy = join(workshop, 'repository')
  const made = /^(node_modules|dist|coverage|\.git|tmp-.*)$/
  cpSync(REPOSITORY, copy, { recursive: true, filter: (path) => path === REPOSITORY || !made.test(basename(path)) })

  const { packageManager } = readManifest(copy) as Manifest & { packageManager: string }
  const pnpm = (...args: string[]) => run('npx', ['--yes', packageManager, ...args], copy)
  pnpm('install', '--frozen-lockfile', '--prefer-offline')
  pnpm('-r', '--if-present', 'run', 'build')

  const tarballs = join(workshop, 'tarballs')
  pnpm('--filter', './packages/*', 'pack', '--pack-destination', tarballs)

  const packed = publicPackages(copy).map(({ manifest: { name, version } }): PackedPackage => {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}`
    const tarball = join(tarballs, `${file}.tgz`)
    const unpacked = join(workshop, 'unpacked', file)
    mkdirSync(unpacked, { recursive: true })
    run('tar', ['-xzf', tarball], unpacked)
    console.log(`${(statSync(tarball).size / 1000).toFixed(1).padStart(6)} kB  ${name}`)
    const folder = join(unpacked, 'package')
    return { manifest: readManifest(folder), tarball, folder }
  })

  project.provide('workshop', workshop)
  project.provide('copy', copy)
  project.provide('packed', packed)
  const registry = await openPackedRegistry(packed)
  project.provide('registry', registry.url)
  return () => {
    registry.close()
    rmSync(workshop, { recursive: true, force: true })
  }
}
