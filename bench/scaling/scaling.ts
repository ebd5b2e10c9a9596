import { nextDelivery } from '../http/deliveries.js'
import { load } from '../http/load.js'
import { ask, startProcess } from '../http/server-process.js'
import type { Part } from '../measure/part.js'
import { type Spread, spreadOf } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { type RedisCost, redisCost } from './redis-cost.js'
import type { Question, WorkFigures } from './server.js'
import { STEPS, type Step } from './steps.js'

const CONNECTIONS = 32
const WARM_UP_MS = 2_000
const ROUNDS = 5
const SLICE_MS = 1_000

interface StepFigures {
  readonly step: Step
  /** At 32 deliveries at a time. */
  readonly perSecond: Spread
  /** Of the receiver's process alone; what else runs on the machine changes little of it. */
  readonly cpuMicros: Spread
  /** One process of workers whose handlers do nothing. */
  readonly work: WorkFigures | null
}

export interface ScalingFigures {
  readonly steps: readonly StepFigures[]
  readonly redis: RedisCost
}

/** What one process of each step of `docs/scaling.md` takes in. Has no goals: the figures are for that page. */
export const scaling: Part<ScalingFigures> = { measure, tablesOf }

async function measure() {
  const module = new URL('server.ts', import.meta.url)
  const servers = await Promise.all(STEPS.map((step) => startProcess<number>(module, [step])))
  const rates = STEPS.map((): number[] => [])
  const costs = STEPS.map((): number[] => [])
  for (const { message: port } of servers) await deliver(port, WARM_UP_MS)
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { child, message: port }] of servers.entries()) {
      const before = await ask<Question, number>(child, 'cpu')
      const { answered, seconds } = await deliver(port, SLICE_MS)
      rates[index]!.push(answered / seconds)
      costs[index]!.push(((await ask<Question, number>(child, 'cpu')) - before) / answered)
    }
  }
  const steps: StepFigures[] = []
  for (const [index, { child }] of servers.entries()) {
    const work = await ask<Question, WorkFigures | null>(child, 'work')
    steps.push({
      step: STEPS[index]!,
      perSecond: spreadOf(rates[index]!),
      cpuMicros: spreadOf(costs[index]!),
      work,
    })
    child.disconnect()
  }
  return { goals: [], figures: { steps, redis: await redisCost() } }
}

const TITLES: Readonly<Record<keyof RedisCost, string>> = {
  event: 'an event: its claim and its mark',
  queued: 'its job, put into the queue',
  done: 'the same job, taken, done and kept',
}

function tablesOf({ steps, redis }: ScalingFigures): Table[] {
  return [
    {
      title: 'Express, bodies of 0.7 kB, one process each',
      rows: [
        ['', 'deliveries/s', 'range', 'CPU µs of the receiver, each', 'jobs/s', 'CPU µs of the worker, each'],
        ...steps.map(({ step, perSecond, cpuMicros, work }) => [
          step,
          perSecond.median.toFixed(0),
          `${perSecond.low.toFixed(0)}–${perSecond.high.toFixed(0)}`,
          cpuMicros.median.toFixed(0),
          work?.jobsPerSecond.toFixed(0) ?? '',
          work?.cpuMicrosPerJob.toFixed(0) ?? '',
        ]),
      ],
    },
    {
      title: 'What Redis spends on each, in memory only',
      rows: [
        ['', 'CPU µs', 'bytes'],
        ...Object.entries(redis).map(([what, { cpuMicros, bytes }]) => [
          TITLES[what as keyof RedisCost],
          cpuMicros.toFixed(0),
          bytes.toFixed(0),
        ]),
      ],
    },
  ]
}

async function deliver(port: number, lengthMs: number): Promise<{ answered: number; seconds: number }> {
  const startedAt = performance.now()
  const next = () => (performance.now() - startedAt < lengthMs ? nextDelivery() : undefined)
  const answered = await load({ port, connections: CONNECTIONS, next, accepts: (status) => status === 200 })
  return { answered, seconds: (performance.now() - startedAt) / 1000 }
}
