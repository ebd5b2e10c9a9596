import { once } from 'node:events'
import { nextDelivery } from '../http/deliveries.js'
import { load } from '../http/load.js'
import { startProcess } from '../http/server-process.js'
import { ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { Served } from './servers.js'

const CONNECTIONS = 32
const ROUNDS = 9
const SLICE_MS = 1_000
const WARM_UP_MS = 2_000

export interface JournalRate {
  readonly database: string
  readonly withStore: Spread
  readonly withJournal: Spread
  /** Requests with the journal, as times those with the store. */
  readonly ratio: Spread
}

/** Express on each database, with its store and with its journal in place of it, by turns. */
export async function measureEndToEnd(): Promise<JournalRate[]> {
  const { child, message: served } = await startProcess<Served[]>(new URL('servers.ts', import.meta.url), [])
  const ports = served.flatMap(({ withStore, withJournal }) => [withStore, withJournal])
  for (const port of ports) await send(port, WARM_UP_MS)
  const rates = ports.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < ports.length; turn++) {
      const index = (round + turn) % ports.length
      rates[index]!.push(await send(ports[index]!, SLICE_MS))
    }
  }
  child.send('close')
  await once(child, 'exit')
  return served.map(({ name }, index) => {
    const [withStore, withJournal] = [rates[2 * index]!, rates[2 * index + 1]!]
    const ratio = ratioOf(withJournal, withStore)
    return { database: name, withStore: spreadOf(withStore), withJournal: spreadOf(withJournal), ratio }
  })
}

/** Returns the answers a second. */
async function send(port: number, lengthMs: number): Promise<number> {
  const startedAt = performance.now()
  const next = () => (performance.now() - startedAt < lengthMs ? nextDelivery() : undefined)
  const answered = await load({ port, connections: CONNECTIONS, next, accepts: (status) => status === 200 })
  return answered / ((performance.now() - startedAt) / 1000)
}
