import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const REPOSITORY = new URL('../..', import.meta.url).pathname

/** The fields of a package.json that these checks read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly sideEffects?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly main?: string
  readonly types?: string
  readonly typesVersions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface PublicPackage {
  /** Relative to the repository. */
  readonly folder: string
  readonly manifest: Manifest
}

/** The packages that go to the registry. */
export function publicPackages(repository = REPOSITORY): readonly PublicPackage[] {
  return readdirSync(join(repository, 'packages'))
    .filter((name) => existsSync(join(repository, 'packages', name, 'package.json')))
    .map((name) => ({ folder: join('packages', name), manifest: readManifest(join(repository, 'packages', name)) }))
    .filter(({ manifest }) => manifest.private !== true)
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Returns the names that users import, such as `@mailbox-hooks/core/node`. */
export const entriesOf = ({ name, exports = {} }: Manifest): readonly string[] =>
  Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => name + path.slice(1))
