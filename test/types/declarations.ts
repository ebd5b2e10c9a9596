import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['core', 'express', 'koa', 'fastify', 'fetch']

export const TSC = join(REPOSITORY, 'node_modules/.bin/tsc')

/** A project that uses the packages. */
export interface Project {
  readonly config: string
  readonly folder: string
}

/** Makes a project in `test/`: a copy of the fixtures, and the declarations of the packages as users get them. */
export function projectWithDeclarations(name: string): Project {
  const folder = join(REPOSITORY, 'test', `tmp-${name}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const sources = join(folder, 'sources.json')
  writeJson(sources, {
    extends: join(REPOSITORY, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: join(REPOSITORY, 'packages'),
      outDir: folder,
    },
    include: PACKAGES.map((name) => join(REPOSITORY, 'packages', name, 'src')),
    exclude: [],
  })
  execFileSync(TSC, ['-p', sources])
  // The imports of the declarations are found beside them, as in the packages.
  for (const name of PACKAGES) {
    symlinkSync(join(REPOSITORY, 'packages', name, 'node_modules'), join(folder, name, 'node_modules'))
  }
  cpSync(new URL('fixtures', import.meta.url), folder, { recursive: true })
  const config = join(folder, 'tsconfig.json')
  writeJson(config, {
    compilerOptions: {
      ...{ noEmit: true, declaration: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
      ...{ target: 'ES2022', lib: ['ES2022', 'DOM'], module: 'ESNext', moduleResolution: 'Bundler', types: ['node'] },
      paths: {
        '@mailbox-hooks/core/*': ['./core/src/*.d.ts'],
        '@mailbox-hooks/*': ['./*/src/index.d.ts'],
      },
    },
    include: ['.'],
  })
  return { config, folder }
}

const writeJson = (path: string, value: object) => writeFileSync(path, JSON.stringify(value, undefined, 2))
