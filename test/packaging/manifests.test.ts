import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publicPackages, REPOSITORY } from './public-packages.js'

const HOME = 'https://github.com/mailbox-hooks/mailbox-hooks'

interface Entry {
  readonly types: string
  readonly default: string
}

describe.each(publicPackages().map((each) => [each.manifest.name, each] as const))(
  '%s',
  (_name, { folder, manifest }) => {
    it('says where its source, its page and its issues are', () => {
      expect(manifest).toMatchObject({
        homepage: `${HOME}/tree/main/${folder}#readme`,
        repository: { type: 'git', url: `git+${HOME}.git`, directory: folder },
        bugs: `${HOME}/issues`,
      })
      expect(readFileSync(join(REPOSITORY, '.github/ISSUE_TEMPLATE/bug.yml'), 'utf8')).toContain(manifest.name)
      expect(existsSync(join(REPOSITORY, folder, 'README.md'))).toBe(true)
    })

    // Jest's default resolver and `module: commonjs` of TypeScript do not read `exports`.
    it('says the same to tools that do not read exports', () => {
      const { '.': main, './package.json': _, ...others } = (manifest.exports ?? {}) as Record<string, Entry>
      const paths = Object.entries(others).map(([path, { types }]) => [path.slice('./'.length), [types]])
      expect({ main: manifest.main, types: manifest.types }).toEqual({ main: main?.default, types: main?.types })
      expect(manifest.typesVersions).toEqual(paths.length === 0 ? undefined : { '*': Object.fromEntries(paths) })
    })
  },
)
