import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export const RECEIVER = 'receiver.mjs'

/** One file of the sources and of all that they need: a receiver that was killed is back in a fifth of a second. */
export async function buildReceiver(folder: string): Promise<void> {
  await build({
    entryPoints: [path('receiver.ts')],
    outfile: join(folder, RECEIVER),
    tsconfig: path('../../tsconfig.json'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)` },
    logLevel: 'error',
  })
}
