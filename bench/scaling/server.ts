import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express, { type RequestHandler } from 'express'
import { SECRET } from '../signing.js'
import { openStep, type Step } from './steps.js'

const WORK_MS = 3_000

/** What the parent asks for. `cpu`: microseconds since the start. `work`: lets workers run, for a while. */
export type Question = 'cpu' | 'work'

export interface WorkFigures {
  readonly jobsPerSecond: number
  readonly cpuMicrosPerJob: number
}

const answer: RequestHandler = (_request, response) => {
  response.json({ received: true })
}

/** The process of one step. Its port goes to the parent, then the answers to its questions. */
const { store, handOff, work, close } = await openStep(process.argv[2] as Step)
const receive = webhooks({
  providers: [openMail({ secrets: [SECRET] })],
  store,
  handOff,
  // What is left in a shared Redis is soon gone.
  retentionMs: 3_600_000,
})
const server = express().post('/webhooks', receive, answer).listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.((server.address() as AddressInfo).port)

process.on('message', async (question: Question) => {
  process.send?.(question === 'cpu' ? cpuMicros() : await measureWork())
})
process.once('disconnect', async () => {
  await close()
  process.exit()
})

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Null for a step without workers. */
async function measureWork(): Promise<WorkFigures | null> {
  if (work === undefined) return null
  let done = 0
  await work(async () => {
    done++
  })
  while (done === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const [doneBefore, cpuBefore, startedAt] = [done, cpuMicros(), performance.now()]
  await new Promise((resolve) => setTimeout(resolve, WORK_MS))
  const jobs = done - doneBefore
  return {
    jobsPerSecond: jobs / ((performance.now() - startedAt) / 1000),
    cpuMicrosPerJob: (cpuMicros() - cpuBefore) / jobs,
  }
}
