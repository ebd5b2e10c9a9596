import { join } from 'node:path'
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
    external: ['zod'],
    write: false,
    metafile: true,
  })
}

async function gzippedBytes(exports: string): Promise<number> {
  const { outputFiles } = await bundle(exports)
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}

/** Bundles all that a service with one provider deploys, except its framework. */
async function deployedBytes(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(REPOSITORY, 'packages/core') },
    alias: {
      '@mailbox-hooks/core': join(REPOSITORY, 'packages/core/src/index.ts'),
      '@mailbox-hooks/core/node': join(REPOSITORY, 'packages/core/src/node.ts'),
      '@mailbox-hooks/express': join(REPOSITORY, 'packages/express/src/index.ts'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return outputFiles[0]!.contents.length
}

describe('a bundle for one provider on Express', () => {
  it('is at most 1.15 times as large as zod and 60 kB', async () => {
    const zod = await deployedBytes(`import { z } from 'zod'; console.log(z.looseObject({ a: z.string() }))`)
    const ours = await deployedBytes(`
      import { openMail } from '@mailbox-hooks/core'
      import { webhooks } from '@mailbox-hooks/express'
      console.log(webhooks({ providers: [openMail({ secrets: [process.env.SECRET] })] }))`)
    expect(ours).toBeLessThanOrEqual(1.15 * (zod + 60_000))
  })
})

describe('the weight of the core, minified and gzipped', () => {
  it('is at most 14.5 kB for the verification of a provider: every scheme of signatures, time, secrets, refusals', async () => {
    expect(await gzippedBytes('defineProvider')).toBeLessThanOrEqual(14_500)
  })

  it('is at most 33.3 kB for the whole receiver with a provider and the memory store', async () => {
    expect(await gzippedBytes('createReceiver, defineProvider')).toBeLessThanOrEqual(33_300)
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
