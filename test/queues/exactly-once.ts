import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '@mailbox-hooks/core'
import { build } from 'esbuild'

export const PLACES = ['before the commit', 'after the commit', 'before the job is completed'] as const

/** The settings of a worker process. */
export interface WorkerSettings {
  readonly queue: 'bullmq' | 'pg-boss'
  /** Marks the event in the handler's transaction. */
  readonly by: 'journal' | 'store'
  readonly dieAt: (typeof PLACES)[number] | undefined
  /** Its tables, and the name of its queue. */
  readonly schema: string
  readonly postgresUrl: string
  readonly redisUrl: string
  /** The sealing key, as base64. */
  readonly key: string
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const FILE = 'exactly-once-worker.mjs'

/** Bundles the worker of the sources into a folder. */
export async function buildWorker(folder: string): Promise<void> {
  await build({
    entryPoints: [path('exactly-once-worker.ts')],
    outfile: join(folder, FILE),
    tsconfig: path('../../tsconfig.json'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)` },
    logLevel: 'error',
  })
}

/** Starts a worker process. `onOutcome` gets what it reports. */
export function startWorker(
  folder: string,
  settings: WorkerSettings,
  onOutcome: (outcome: Pick<Outcome, 'kind' | 'error'>) => void = () => {},
): ChildProcess {
  const child = spawn(process.execPath, [join(folder, FILE), JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', onOutcome)
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return child
}
