import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ZOD = `import { z } from 'zod'
console.log(z.looseObject({ name: z.string() }))`

const OURS = `import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
console.log(webhooks({ providers: [openMail({ secrets: [process.env.SECRET] })] }))`

/** In kB: what is deployed for one provider on Express without Express itself, beside zod alone. */
export async function bundledSizes() {
  const [zod, ours] = [await bundledBytes(ZOD), await bundledBytes(OURS)]
  return { zod: kilobytes(zod), ours: kilobytes(ours), wanted: kilobytes(1.15 * (zod + 60_000)) }
}

async function bundledBytes(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return outputFiles[0]!.contents.length
}

const kilobytes = (bytes: number) => Math.round(bytes / 1000)
