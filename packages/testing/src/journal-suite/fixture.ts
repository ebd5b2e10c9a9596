import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ending, JournalStore, NewAttempt, NewEntry, RowQuery, SealedParts } from '@mailbox-hooks/core/journal'
import { afterAll, assert, beforeAll, beforeEach } from 'vitest'
import type { JournalUnderTest, OpenJournal, UserTransaction } from './journal-under-test.js'

/** Longer than any test takes. */
export const LONG_MS = 60_000
/** Ends while a test waits for it. No test says that it has not ended yet: a busy machine may be slower than this. */
export const SHORT_MS = 50
/** Ends while a test waits for it, and has surely not ended a few calls after its begin. */
export const SECOND_MS = 1_000
/** How much longer than a length a test waits for its end: servers count in steps of up to ten milliseconds. */
const MARGIN_MS = 50

const HOOK_TIMEOUT_MS = 30_000

/** What the tests work with. */
export interface Fixture {
  readonly store: JournalStore
  /** Stores on the same data, each by a connection of its own. */
  others(count: number): Promise<readonly JournalStore[]>
  /** A transaction of the user's. */
  begin(): Promise<UserTransaction>
  /** Goes on until what lasts for so many milliseconds has surely ended. */
  outlast(ms: number): Promise<void>
}

/** Opens the store before the tests of this block, clears it before each of them, and closes it after them. */
export function fixtureFor({ open }: JournalUnderTest): Fixture {
  let opened: OpenJournal | undefined
  const others: JournalStore[] = []

  const current = () => {
    assert(opened !== undefined, 'the store is open while a test runs')
    return opened
  }

  beforeAll(async () => {
    opened = await open()
  }, HOOK_TIMEOUT_MS)
  beforeEach(() => current().clear(), HOOK_TIMEOUT_MS)
  afterAll(() => opened?.close(), HOOK_TIMEOUT_MS)

  return {
    get store() {
      return current().store
    },
    others: async (count) => {
      const missing = Array.from({ length: count - others.length }, () => current().another())
      others.push(...(await Promise.all(missing)))
      return others.slice(0, count)
    },
    begin: async () => {
      const { begin } = current()
      assert(begin !== undefined, 'open() offers begin(), which opens a transaction')
      return begin()
    },
    outlast: async (ms) => {
      await (current().pass ?? wait)(ms + MARGIN_MS)
    },
  }
}

/** The hash of a key or an id. */
export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A token of the index. */
export const aboutOf = (text: string) => hashOf(text).slice(0, 32)

export const newToken = () => randomBytes(16).toString('hex')

export const KEY_ID = 'a1b2c3d4e5f60718'

export const sealedAs = (text: string, keyId = KEY_ID): SealedParts => ({
  keyId,
  format: 1,
  meta: Buffer.from(`meta of ${text}`),
  content: Buffer.from(`content of ${text}`),
})

type Given = Partial<Omit<NewEntry, 'hash' | 'keyHash'>>

/** An event as it is delivered; `key` stands for its deduplication key. */
export function entryOf(key: string, given: Given = {}): NewEntry {
  const { generation = 0 } = given
  return {
    namespace: '',
    keyHash: hashOf(key),
    hash: hashOf(generation === 0 ? key : `${key}~${generation}`),
    generation,
    provider: 'openmail',
    account: undefined,
    type: 'message.received',
    as: 'received',
    token: newToken(),
    leaseMs: LONG_MS,
    nextAttemptInMs: undefined,
    windowMs: LONG_MS,
    isLimited: false,
    retrySpanMs: LONG_MS,
    occurredAtMs: undefined,
    about: [],
    sealed: sealedAs(key),
    ...given,
  }
}

/** Delivers an event that must begin a run. */
export async function begun(store: JournalStore, key: string, given?: Given) {
  const entry = entryOf(key, given)
  const answer = await store.begin(entry)
  assert(answer.status === 'begun', `${key} is ${answer.status}`)
  return { ...entry, number: answer.number }
}

/** What a delivery of the event is answered. */
export async function statusOf(store: JournalStore, key: string, given?: Given): Promise<string> {
  return (await store.begin(entryOf(key, given))).status
}

/** Delivers an event, and ends its run. */
export async function ended(store: JournalStore, key: string, state: Ending['state'], given?: Given) {
  const entry = await begun(store, key, given)
  assert(await store.finish(entry.hash, entry.token, { state, next: 'never' }), `${key} has been finished`)
  return entry
}

/** Delivers an event whose handler died: its lease has ended. */
export async function lapsed({ store, outlast }: Fixture, key: string, given?: Given) {
  const entry = await begun(store, key, { leaseMs: SHORT_MS, ...given })
  await outlast(SHORT_MS)
  return entry
}

export const attemptOf = (given: Partial<NewAttempt> = {}): NewAttempt => ({
  source: 'provider',
  kind: 'handled',
  status: 200,
  code: undefined,
  durationMs: 12,
  error: undefined,
  keyId: '',
  ...given,
})

export const ofKey = (key: string, namespace = '') => ({ namespace, keyHash: hashOf(key) })

export const queryOf = (given: Partial<RowQuery> = {}): RowQuery => ({
  namespace: '',
  order: 'newest',
  limit: 1_000,
  ...given,
})

/** The entry of a key as it is kept. */
export async function rowOf(store: JournalStore, key: string) {
  const row = await store.read('', hashOf(key))
  assert(row !== undefined, `${key} is in the journal`)
  return row
}

export const takingOf = (given = {}) => ({
  namespace: '',
  limit: 100,
  leaseMs: LONG_MS,
  keyIds: [KEY_ID],
  maxFormat: 1,
  ...given,
})

export const rerunOf = (key: string, given = {}) => ({
  namespace: '',
  hash: hashOf(key),
  token: newToken(),
  leaseMs: LONG_MS,
  keyIds: [KEY_ID],
  maxFormat: 1,
  ...given,
})

/** When an entry was received, first and last, after another one. A clock that is made to go on may shift all times. */
export async function receivedAfter(store: JournalStore, key: string, other: string) {
  const [row, { firstReceivedAt }] = [await rowOf(store, key), await rowOf(store, other)]
  return { first: row.firstReceivedAt - firstReceivedAt, last: row.lastReceivedAt - firstReceivedAt }
}
