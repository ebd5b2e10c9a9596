import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from './public-packages.js'

/** What a bundle of these exports weighs, without what users bring or share with others. */
async function gzippedBytes(exports: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${exports} } from './packages/core/src/index.js'`, resolveDir: REPOSITORY },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['zod', 'raw-body'],
    write: false,
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}

describe('the weight of the core, minified and gzipped', () => {
  it('is at most 13 kB for the verification of a provider: every scheme of signatures, time, secrets, refusals', async () => {
    expect(await gzippedBytes('defineProvider')).toBeLessThanOrEqual(13_000)
  })

  it('is at most 31 kB for the whole receiver with a provider, the memory store, and what a journal asks of it', async () => {
    expect(await gzippedBytes('createReceiver, defineProvider')).toBeLessThanOrEqual(31_000)
  })
})
