import { atLeast } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import { rangeOf, ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { nextDelivery } from './deliveries.js'
import { load } from './load.js'
import { startProcess } from './server-process.js'
import { VARIANTS, type Variant } from './servers/variants.js'

const FRAMEWORKS = { Express: 0.95, Koa: 0.95, Fastify: 0.9 } as const

const CONNECTIONS = 32
const WARM_UP = 30_000
const ROUNDS = 7
/** Requests in each round. */
const SLICE = 12_000

export interface FrameworkFigures {
  readonly framework: keyof typeof FRAMEWORKS
  readonly perSecond: Readonly<Record<Variant, Spread>>
  /** Of the requests per second of the variant by hand. */
  readonly ours: Spread
}

/** The whole of it over sockets: this process is the client, the servers are in another. */
export const http: Part<readonly FrameworkFigures[]> = { measure, tablesOf }

async function measure() {
  const figures: FrameworkFigures[] = []
  for (const framework of Object.keys(FRAMEWORKS) as (keyof typeof FRAMEWORKS)[])
    figures.push(await measureFramework(framework))
  const goals = figures.map(({ framework, ours }) =>
    atLeast(FRAMEWORKS[framework], { name: `HTTP, ${framework}`, measured: ours.median, unit: ' of by hand' }),
  )
  return { goals, figures }
}

function tablesOf(figures: readonly FrameworkFigures[]): Table[] {
  return [
    {
      title: 'Requests a second, bodies of 0.7 kB',
      rows: [
        ['', ...VARIANTS, 'ours / by hand', 'range'],
        ...figures.map(({ framework, perSecond, ours }) => [
          framework,
          ...VARIANTS.map((variant) => perSecond[variant].median.toFixed(0)),
          ours.median.toFixed(2),
          rangeOf(ours),
        ]),
      ],
    },
  ]
}

async function measureFramework(framework: keyof typeof FRAMEWORKS): Promise<FrameworkFigures> {
  const module = new URL('servers/main.ts', import.meta.url)
  const { child, message: ports } = await startProcess<number[]>(module, [framework])
  const rates = VARIANTS.map((): number[] => [])
  for (const port of ports) await perSecond(port, WARM_UP)
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < VARIANTS.length; turn++) {
      const index = (round + turn) % VARIANTS.length
      rates[index]!.push(await perSecond(ports[index]!, SLICE))
    }
  }
  child.disconnect()
  const [bare, byHand, ours] = rates as [number[], number[], number[]]
  return {
    framework,
    perSecond: { bare: spreadOf(bare), 'by hand': spreadOf(byHand), ours: spreadOf(ours) },
    ours: ratioOf(ours, byHand),
  }
}

async function perSecond(port: number, requests: number): Promise<number> {
  // Signed before the time runs, which is the server's.
  const deliveries = Array.from({ length: requests }, () => nextDelivery())
  const stop = stayAwake()
  const startedAt = performance.now()
  await load({ port, connections: CONNECTIONS, next: () => deliveries.pop(), accepts: (status) => status === 200 })
  stop()
  return requests / ((performance.now() - startedAt) / 1000)
}

/** A client that sleeps has to be woken by each answer, and on many machines that takes the server longer than the answer. */
function stayAwake(): () => void {
  let isAwake = true
  const goOn = () => {
    if (isAwake) setImmediate(goOn)
  }
  goOn()
  return () => {
    isAwake = false
  }
}
