import type { ChildProcess } from 'node:child_process'
import { type Spread, spreadOf } from '../measure/statistics.js'
import type { Contender, Question } from './contenders.js'
import { forged } from './deliveries.js'
import { load } from './load.js'
import { ask, startProcess } from './server-process.js'

const CONNECTIONS = 32
/** Requests, not milliseconds: on a busy machine a moment would not do for the code to be compiled. */
const WARM_UP = 8_000
/** One process of the same code takes up to a fifth more than another, for as long as it runs. */
const PROCESSES = 2
const ROUNDS_A_PROCESS = 4
const SLICE = 1_500

/** One value a round. */
export interface Rounds {
  /** Microseconds of the server's CPU a request. */
  readonly cpuMicros: readonly number[]
  readonly perSecond: readonly number[]
}

/** What was measured of one server. */
export interface ServerFigures {
  readonly name: string
  readonly cpuMicros: Spread
  readonly perSecond: Spread
}

interface Measured extends Contender {
  readonly cpuMicros: number[]
  readonly perSecond: number[]
}

interface Running extends Measured {
  readonly child: ChildProcess
  readonly port: number
}

/** Loads the servers by turns, each with some requests in each round. This process is the client, each server has its own. */
export async function contest(contenders: readonly Contender[]): Promise<readonly (Contender & Rounds)[]> {
  const measured = contenders.map((contender) => ({ ...contender, cpuMicros: [], perSecond: [] }) as Measured)
  for (let started = 0; started < PROCESSES; started++) await playRounds(measured)
  return measured
}

/** Some rounds with new processes. */
async function playRounds(measured: readonly Measured[]): Promise<void> {
  const running = await Promise.all(measured.map(start))
  for (const server of running) {
    await check(server)
    await slice(server, WARM_UP)
  }
  for (let round = 0; round < ROUNDS_A_PROCESS; round++) {
    for (let turn = 0; turn < running.length; turn++) {
      const server = running[(round + turn) % running.length]!
      const { cpuMicros, perSecond } = await slice(server, SLICE)
      server.cpuMicros.push(cpuMicros)
      server.perSecond.push(perSecond)
    }
  }
  for (const { child } of running) child.disconnect()
}

export const figuresOf = ({ name, cpuMicros, perSecond }: Contender & Rounds): ServerFigures => ({
  name,
  cpuMicros: spreadOf(cpuMicros),
  perSecond: spreadOf(perSecond),
})

async function start(measured: Measured): Promise<Running> {
  const module = new URL('servers/main.ts', import.meta.url)
  const { child, message: port } = await startProcess<number>(module, measured.server)
  return { ...measured, child, port }
}

/** Throws if a server refuses a good delivery, or takes a forged one. */
async function check({ port, nextDelivery }: Running): Promise<void> {
  const good = nextDelivery()
  const requests = [forged(good), good]
  const accepts = (status: number, request: Buffer) => (request === good ? status === 200 : status >= 400)
  await load({ port, connections: 1, next: () => requests.pop(), accepts })
}

async function slice({ child, port, nextDelivery }: Running, requests: number) {
  const before = await ask<Question, number>(child, 'cpu')
  const stop = stayAwake()
  const startedAt = performance.now()
  let left = requests
  const next = () => (left-- > 0 ? nextDelivery() : undefined)
  await load({ port, connections: CONNECTIONS, next, accepts: (status) => status === 200 })
  const seconds = (performance.now() - startedAt) / 1000
  stop()
  const micros = (await ask<Question, number>(child, 'cpu')) - before
  return { cpuMicros: micros / requests, perSecond: requests / seconds }
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
