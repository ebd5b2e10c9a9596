import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { entriesOf, REPOSITORY } from './public-packages.js'
import { run } from './run.js'

const tool = (name: string) => join(REPOSITORY, 'test/node_modules/.bin', name)

for (const { manifest, tarball, folder } of inject('packed')) {
  describe(`the tarball of ${manifest.name}`, () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))

    it('satisfies publint, warnings and suggestions included', () => {
      expect(run(tool('publint'), ['run', '--strict', tarball], folder)).toContain('All good!')
    })

    it('has types that are right for every module resolution that can load it', () => {
      run(tool('attw'), [tarball, '--profile', 'esm-only'], folder)
    })

    it('exports files that are there', () => {
      const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
        typeof target === 'string' ? [target] : Object.values(target),
      )
      for (const target of [...targets, ...Object.values(manifest.bin ?? {})]) {
        expect(files).toContain(target.replace('./', ''))
      }
    })

    it('offers types and code under each name, and `default`, so that require() finds it, too', () => {
      for (const [path, target] of Object.entries(manifest.exports ?? {})) {
        if (path !== './package.json') expect(Object.keys(target)).toEqual(['types', 'default'])
      }
    })

    it('holds the build, the licence and a readme, and nothing else', () => {
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
      const others = files.filter((file) => !/^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(file))
      for (const file of others) expect(file).toMatch(/^dist\/(.*\.(js|d\.ts)|page\/(index\.html|.*\.(css|svg)))$/)
      expect(others.filter((file) => /(^|\/)(test|tests|__tests__)\/|\.test\./.test(file))).toEqual([])
      expect(others.filter((file) => readFileSync(join(folder, file), 'utf8').includes('sourceMappingURL'))).toEqual([])
    })

    it('says what tools need to know', () => {
      expect(manifest).toMatchObject({
        license: 'MIT',
        type: 'module',
        engines: { node: '>=20.19' },
        description: expect.stringMatching(/\.$/),
      })
      // A command is run, not bundled.
      if (entriesOf(manifest).length > 0) expect(manifest.sideEffects).toBe(false)
    })

    it.skipIf(manifest.bin !== undefined)('leaves the core to the user, so that there is one copy of it', () => {
      expect(Object.keys(manifest.dependencies ?? {})).not.toContain('@mailbox-hooks/core')
    })
  })
}
