import { playWorkers } from './play-workers.ts'
import { startReceiver } from './receiver.ts'

const SCHEMA = `example_pg_boss_workers_${process.pid}`

const { url, countJobs, close } = await startReceiver(SCHEMA)
const worker = new URL('worker.ts', import.meta.url)
const isAsPromised = await playWorkers({ url, worker, environment: { SCHEMA }, countJobs })
await close()
process.exitCode = isAsPromised ? 0 : 1
