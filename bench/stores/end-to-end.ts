import { once } from 'node:events'
import { nextDelivery } from '../http/deliveries.js'
import { load } from '../http/load.js'
import { startProcess } from '../http/server-process.js'
import { ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { Runs } from './end-to-end-servers.js'

const STORES = ['memory', 'PostgreSQL', 'Redis'] as const
/** Enough to keep the server busy on each store: with fewer, it is the disk's time that is measured. */
const CONNECTIONS = 128
const ROUNDS = 7
const SLICE_MS = 1_000
const WARM_UP_MS = 2_000
/** Of the requests, how many repeat one that was sent shortly before. */
const DUPLICATES = 0.1

export interface EndToEndFigures {
  readonly store: (typeof STORES)[number]
  readonly perSecond: Spread
  /** As times those of the memory store. */
  readonly ratio: Spread
  readonly events: number
  readonly twice: number
  readonly lost: number
}

/** Express on each store, with duplicates among the deliveries, by turns. */
export async function measureEndToEnd(): Promise<EndToEndFigures[]> {
  const module = new URL('end-to-end-servers.ts', import.meta.url)
  const { child, message: ports } = await startProcess<number[]>(module, [])
  const rates = STORES.map((): number[] => [])
  const senders = STORES.map(() => new Sender())
  for (const [index, sender] of senders.entries()) await sender.send(ports[index]!, WARM_UP_MS)
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < STORES.length; turn++) {
      const index = (round + turn) % STORES.length
      rates[index]!.push(await senders[index]!.send(ports[index]!, SLICE_MS))
    }
  }
  for (const [index, sender] of senders.entries()) await sender.sendAgain(ports[index]!)
  child.send('runs')
  const [runs] = (await once(child, 'message')) as [Runs[]]
  child.send('close')
  await once(child, 'exit')
  return STORES.map((store, index) => ({
    store,
    perSecond: spreadOf(rates[index]!),
    ratio: ratioOf(rates[index]!, rates[0]!),
    events: senders[index]!.events,
    twice: runs[index]!.twice,
    lost: senders[index]!.events - runs[index]!.events,
  }))
}

/** A provider that repeats some events at once, and what was refused later. */
class Sender {
  #events = 0
  readonly #refused: Buffer[] = []
  readonly #recent: Buffer[] = []

  /** How many events it has sent. */
  get events(): number {
    return this.#events
  }

  async send(port: number, lengthMs: number): Promise<number> {
    const startedAt = performance.now()
    const next = () => (performance.now() - startedAt < lengthMs ? this.#next() : undefined)
    const answered = await this.#load(port, next)
    return answered / ((performance.now() - startedAt) / 1000)
  }

  /** Duplicates that met the first delivery underway were asked to come again. */
  async sendAgain(port: number): Promise<void> {
    while (this.#refused.length > 0) await this.#load(port, () => this.#refused.pop())
  }

  #load(port: number, next: () => Buffer | undefined): Promise<number> {
    const accepts = (status: number, request: Buffer) => {
      if (status === 503) this.#refused.push(request)
      return status === 200 || status === 503
    }
    return load({ port, connections: CONNECTIONS, next, accepts })
  }

  #next(): Buffer {
    const repeated =
      Math.random() < DUPLICATES ? this.#recent[Math.floor(Math.random() * this.#recent.length)] : undefined
    if (repeated !== undefined) return repeated
    this.#events++
    const delivery = nextDelivery()
    this.#recent[this.#events % 1000] = delivery
    return delivery
  }
}
