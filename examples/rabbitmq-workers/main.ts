import { playWorkers } from './play-workers.ts'
import { startReceiver } from './receiver.ts'

const QUEUE = `example-rabbitmq-workers-${process.pid}`

const { url, countJobs, close } = await startReceiver(QUEUE)
const worker = new URL('worker.ts', import.meta.url)
const isAsPromised = await playWorkers({ url, worker, environment: { QUEUE }, countJobs })
await close()
process.exitCode = isAsPromised ? 0 : 1
