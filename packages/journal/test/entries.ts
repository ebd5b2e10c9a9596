import { createHash, randomBytes } from 'node:crypto'
import type { JournalStore, NewAttempt, NewEntry } from '@mailbox-hooks/core/journal'
import { assert } from 'vitest'

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
export const aboutOf = (text: string) => hashOf(text).slice(0, 32)
export const newToken = () => randomBytes(16).toString('hex')

export const KEY_ID = 'a1b2c3d4e5f60718'
export const LEASE_MS = 15_000

/** An event as it is delivered; `key` stands for its deduplication key. */
export const entryOf = (key: string, given: Partial<NewEntry> = {}): NewEntry => ({
  namespace: '',
  keyHash: hashOf(key),
  hash: hashOf(key),
  generation: 0,
  provider: 'openmail',
  account: undefined,
  type: 'message.received',
  as: 'received',
  token: newToken(),
  leaseMs: LEASE_MS,
  nextAttemptInMs: undefined,
  windowMs: 60_000,
  isLimited: false,
  retrySpanMs: 60_000,
  occurredAtMs: undefined,
  about: [aboutOf(key), aboutOf('all')],
  sealed: { keyId: KEY_ID, format: 1, meta: Buffer.from('meta'), content: Buffer.from(`content of ${key}`) },
  ...given,
})

export async function begun(store: JournalStore, key: string, given: Partial<NewEntry> = {}) {
  const entry = entryOf(key, given)
  const answer = await store.begin(entry)
  assert(answer.status === 'begun', `${key} is ${answer.status}`)
  return { ...entry, number: answer.number }
}

export const attemptOf = (given: Partial<NewAttempt> = {}): NewAttempt => ({
  source: 'provider',
  kind: 'handled',
  status: 200,
  code: undefined,
  durationMs: 1,
  error: undefined,
  keyId: '',
  ...given,
})

export const ofEntry = (key: string, namespace = '') => ({ namespace, keyHash: hashOf(key) })

export const HANDLED = { state: 'handled', next: 'never', attempt: attemptOf() } as const

export const keysOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}_${index}`)
