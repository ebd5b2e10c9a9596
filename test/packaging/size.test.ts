import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from './public-packages.js'

/** Bundles these exports, without what users bring or share with others. */
function bundle(exports: string) {
  return build({
    stdin: { contents: `export { ${exports} } from './packages/core/src/index.js'`, resolveDir: REPOSITORY },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['zod', 'raw-body'],
    write: false,
    metafile: true,
  })
}

async function gzippedBytes(exports: string): Promise<number> {
  const { outputFiles } = await bundle(exports)
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}

describe('the weight of the core, minified and gzipped', () => {
  it('is at most 14 kB for the verification of a provider: every scheme of signatures, time, secrets, refusals', async () => {
    expect(await gzippedBytes('defineProvider')).toBeLessThanOrEqual(14_000)
  })

  it('is at most 31.5 kB for the whole receiver with a provider and the memory store', async () => {
    expect(await gzippedBytes('createReceiver, defineProvider')).toBeLessThanOrEqual(31_500)
  })

  it('contains nothing of the journal where a receiver has none, and no provider but its own', async () => {
    const { metafile } = await bundle('createReceiver, openMail')
    const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    )
    const folder = (name: string) => files.filter((file) => file.includes(`packages/core/src/${name}/`))
    // The symbol by which a journal hands its steps over.
    expect(folder('journal')).toEqual(['packages/core/src/journal/recorded-journal.ts'])
    expect(folder('diagnose')).toEqual([])
    expect(folder('queue')).toEqual([])
    expect(folder('providers').filter((file) => /providers\/[^/]+\//.test(file))).toEqual([
      expect.stringContaining('providers/openmail/'),
      expect.stringContaining('providers/openmail/'),
    ])
  })
})
