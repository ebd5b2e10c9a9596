import type { ChildProcess } from 'node:child_process'
import { load } from '../http/load.js'
import { ask } from '../http/server-process.js'
import type { Held } from './server.js'

const CONNECTIONS = 64

export interface Requests {
  readonly next: () => Buffer
  /** What each of them is to be answered with. */
  readonly status: number
  readonly count: number
  /** How often the server is measured, at equal distances. */
  readonly samples: number
}

export interface Sample extends Held {
  /** How many requests have been answered until now. */
  readonly requests: number
}

/** Sends requests, and measures what the server holds meanwhile. */
export async function watch(server: ChildProcess, port: number, requests: Requests): Promise<Sample[]> {
  const { next, status, count, samples } = requests
  const taken: Sample[] = []
  while (taken.length < samples) {
    let left = count / samples
    await load({
      port,
      connections: CONNECTIONS,
      next: () => (left-- > 0 ? next() : undefined),
      accepts: (answered) => answered === status,
    })
    const answered = ((taken.length + 1) * count) / samples
    taken.push({ requests: answered, ...(await ask<'held', Held>(server, 'held')) })
  }
  return taken
}
