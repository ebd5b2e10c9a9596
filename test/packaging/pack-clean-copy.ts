import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'
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
  }
}

/**
 * Packs every public package as a stranger would who has the files and nothing else: no git history, no modules, no
 * build. Each tarball is packed once and serves all checks.
 */
export default function packCleanCopy(project: TestProject): () => void {
  const workshop = mkdtempSync(join(tmpdir(), 'mailbox-hooks-packaging-'))
  const copy = join(workshop, 'repository')
  const made = /^(node_modules|dist|coverage|\.git|tmp-.*)$/
  cpSync(REPOSITORY, copy, { recursive: true, filter: (path) => path === REPOSITORY || !made.test(basename(path)) })

  const { packageManager } = readManifest(copy) as Manifest & { packageManager: string }
  const pnpm = (...args: string[]) => run('npx', ['--yes', packageManager, ...args], copy)
  pnpm('install', '--frozen-lockfile', '--prefer-offline')
  pnpm('-r', '--if-present', 'run', 'build')

  const packed = publicPackages(copy).map(({ folder }, index): PackedPackage => {
    const destination = join(workshop, `tarball-${index}`)
    mkdirSync(destination)
    pnpm('--dir', folder, 'pack', '--pack-destination', destination)
    const tarball = join(destination, readdirSync(destination)[0]!)
    run('tar', ['-xzf', tarball], destination)
    console.log(`${(statSync(tarball).size / 1000).toFixed(1).padStart(6)} kB  ${basename(tarball)}`)
    return { manifest: readManifest(join(destination, 'package')), tarball, folder: join(destination, 'package') }
  })

  project.provide('workshop', workshop)
  project.provide('copy', copy)
  project.provide('packed', packed)
  return () => rmSync(workshop, { recursive: true, force: true })
}
