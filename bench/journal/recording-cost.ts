import type { ChildProcess } from 'node:child_process'
import { nextDelivery } from '../http/deliveries.js'
import { load } from '../http/load.js'
import { ask, startProcess } from '../http/server-process.js'
import { ratioOf, type Spread, spreadOf } from '../measure/statistics.js'

const CONNECTIONS = 32
const ROUNDS = 9
const WARM_UP = 6_000
/** Requests of one turn. */
const REQUESTS = 1_500

/** Processor time of the server for a request, in microseconds. */
export interface RecordingCost {
  readonly without: Spread
  readonly withJournal: Spread
  /** With the journal in memory, as times without. */
  readonly ratio: Spread
}

/** Express without a journal and with one in memory, as the inspector reads it: each in a process of its own, by turns. */
export async function measureRecordingCost(): Promise<RecordingCost> {
  const servers = await Promise.all(['', 'journal'].map((kind) => startProcess<number>(SERVER, [kind])))
  const used = servers.map((): number[] => [])
  for (const { message: port } of servers) await send(port, WARM_UP)
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      const index = (round + turn) % servers.length
      const { child, message: port } = servers[index]!
      const before = await usageOf(child)
      await send(port, REQUESTS)
      used[index]!.push(((await usageOf(child)) - before) / REQUESTS)
    }
  }
  for (const { child } of servers) child.kill()
  const [without, withJournal] = [used[0]!, used[1]!]
  return {
    without: spreadOf(without),
    withJournal: spreadOf(withJournal),
    ratio: ratioOf(withJournal, without),
  }
}

const SERVER = new URL('memory-server.ts', import.meta.url)

async function usageOf(child: ChildProcess): Promise<number> {
  const { user, system } = await ask<string, NodeJS.CpuUsage>(child, 'usage')
  return user + system
}

async function send(port: number, requests: number): Promise<void> {
  let left = requests
  const next = () => (left-- > 0 ? nextDelivery() : undefined)
  await load({ port, connections: CONNECTIONS, next, accepts: (status) => status === 200 })
}
