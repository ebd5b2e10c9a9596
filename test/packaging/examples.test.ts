import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publicPackages, REPOSITORY, readManifest } from './public-packages.js'

const EXAMPLES = join(REPOSITORY, 'examples')
const examples = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'package.json')))
const ours = publicPackages().map(({ manifest }) => manifest.name)

/** The ranges of pnpm-workspace.yaml, by package. */
const catalog = new Map(
  [...readFileSync(join(REPOSITORY, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}"?([\w@/-]+)"?: (\S+)$/gm)].map(
    ([, name, range]) => [name, range],
  ),
)

describe.each(examples)('examples/%s', (example) => {
  const { dependencies, devDependencies } = readManifest(join(EXAMPLES, example))
  const ranges = Object.entries({ ...dependencies, ...devDependencies })

  it('names what it needs by ranges that npm understands, the same as all packages use', () => {
    for (const [name, range] of ranges) {
      if (ours.includes(name)) expect(range, name).toBe('0.x')
      // Next.js calls the compiler as a library, which 7 is not.
      else if (name === 'typescript') expect(range).toMatch(/^\^5\./)
      else expect(range, name).toEqual(catalog.get(name) ?? expect.stringMatching(/^[~^]\d/))
    }
  })

  it('needs no file outside of its folder', () => {
    const files = readdirSync(join(EXAMPLES, example), { withFileTypes: true }).filter((entry) => entry.isFile())
    for (const { name } of files.filter(({ name }) => /\.[mc]?[jt]sx?$|^tsconfig/.test(name))) {
      expect(readFileSync(join(EXAMPLES, example, name), 'utf8'), name).not.toContain('../')
    }
  })
})

it('examples that share a file have the same', () => {
  const copies = examples
    .map((example) => join(EXAMPLES, example, 'play-workers.ts'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
  expect(copies).toHaveLength(3)
  expect(new Set(copies).size).toBe(1)
})
