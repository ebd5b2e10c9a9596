import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { Miniflare } from 'miniflare'

type Options = ConstructorParameters<typeof Miniflare>[0]
type Bindings = Extract<Options, { readonly bindings?: unknown }>

/** A worker: the source of its module, with its bindings as Miniflare takes them. */
export interface WorkerSource extends Pick<Bindings, 'bindings' | 'durableObjects' | 'routes'> {
  readonly name: string
  readonly module: string
}

/**
 * Starts workers on Cloudflare's runtime, from the sources of the packages. A request reaches a worker by its route. The
 * Durable Objects keep what they hold in a folder, if one is given.
 */
export async function startWorkers(workers: readonly WorkerSource[], objectsIn?: string): Promise<Miniflare> {
  const bundled = workers.map(async ({ module, ...options }) => ({
    ...options,
    modules: true as const,
    script: await bundle(module),
    compatibilityDate: '2026-04-01',
    compatibilityFlags: ['nodejs_compat'],
  }))
  const miniflare = new Miniflare({
    workers: await Promise.all(bundled),
    handleRuntimeStdio: () => undefined,
    ...(objectsIn !== undefined && { durableObjectsPersist: objectsIn }),
  })
  await miniflare.ready
  return miniflare
}

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))
const TESTS = fileURLToPath(new URL('..', import.meta.url))

/** Resolves this repository's packages to their sources, as vitest does. */
const SOURCES: Plugin = {
  name: 'sources',
  setup({ onResolve }) {
    onResolve({ filter: /^@mailbox-hooks\// }, ({ path }) => {
      const [, name, entry = 'index'] = path.split('/')
      const file = entry === 'durable-object' ? 'stores/durable-object/index' : entry
      return { path: `${PACKAGES}${name}/src/${file}.ts` }
    })
  },
}

async function bundle(module: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: module, loader: 'ts', resolveDir: TESTS },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['workerd', 'worker'],
    external: ['cloudflare:*'],
    plugins: [SOURCES],
    tsconfigRaw: '{}',
  })
  return outputFiles[0]!.text
}
