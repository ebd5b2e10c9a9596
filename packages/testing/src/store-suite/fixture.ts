import { setTimeout as wait } from 'node:timers/promises'
import type { DedupStore } from '@mailbox-hooks/core'
import { afterAll, assert, beforeAll, beforeEach } from 'vitest'
import type { OpenStore, StoreUnderTest } from './store-under-test.js'

/** Longer than any test takes. */
export const LONG_MS = 60_000
/** A length that ends while a test waits. No test asserts that it has not ended, because a busy machine may be slow. */
export const SHORT_MS = 50
/** The margin with which a test waits for the end of a length. Servers count in steps of up to ten milliseconds. */
const MARGIN_MS = 50

export const ABOUT = { provider: 'openmail', type: 'message.received' }

/** The store and the helpers of the tests. */
export interface Bench {
  readonly store: DedupStore
  /** Opens stores on the same data, each on its own connection. */
  others(count: number): Promise<readonly DedupStore[]>
  /** Waits until a length of `ms` milliseconds has surely ended. */
  outlast(ms: number): Promise<void>
  /** A retention, and the part of it after which it must not have ended: half of it if that costs no time. */
  readonly longRetention: { readonly retentionMs: number; readonly spentMs: number }
}

const DAY_MS = 24 * 3600_000

/** Long enough to detect a wrong unit or factor, and nine seconds short of the end for a slow machine. */
const WAITED_FOR = { retentionMs: 10_000, spentMs: 1_100 }

const HOOK_TIMEOUT_MS = 30_000

/** Opens the store before the tests of this block, clears it before each of them, and closes it after them. */
export function benchFor({ open }: StoreUnderTest): Bench {
  let opened: OpenStore | undefined
  const others: DedupStore[] = []

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
    outlast: async (ms) => {
      await (current().pass ?? wait)(ms + MARGIN_MS)
    },
    get longRetention() {
      return current().pass === undefined ? WAITED_FOR : { retentionMs: DAY_MS, spentMs: DAY_MS / 2 }
    },
  }
}

/** Claims a key that must be free. */
export async function granted(store: DedupStore, key: string, leaseMs = LONG_MS): Promise<string> {
  const claim = await store.claim(key, leaseMs, ABOUT)
  assert(claim.status === 'claimed', `${key.slice(0, 40)} is ${claim.status}`)
  return claim.token
}

/** Returns the status of a claim of the key. */
export async function statusOf(store: DedupStore, key: string): Promise<string> {
  return (await store.claim(key, LONG_MS, ABOUT)).status
}
