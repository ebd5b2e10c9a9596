import type { ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'

const KEYS = 1_000_000
const LEASE_MS = 60_000
const RETENTION_MS = 7 * 24 * 3600_000

const states = new LRUCache<string, 'claimed' | 'done'>({ max: KEYS, ttl: RETENTION_MS })

/** Claims an event. Returns the status for one that is handled, or is being handled. */
export function claim(id: string): 200 | 503 | undefined {
  const state = states.get(id)
  if (state === 'done') return 200
  if (state === 'claimed') return 503
  states.set(id, 'claimed', { ttl: LEASE_MS })
  return undefined
}

/** Marks an event as handled by a 2xx, and releases it by any other status. */
export function settle(id: string, status: number): void {
  if (status >= 200 && status < 300) states.set(id, 'done')
  else states.delete(id)
}

/** Settles an event when its answer is out, or the client has gone without it. */
export function settleWhenOut(response: ServerResponse, id: string): void {
  response.once('close', () => settle(id, response.writableFinished ? response.statusCode : 500))
}
