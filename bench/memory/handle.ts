import type { DedupStore } from '@mailbox-hooks/core'
import { ABOUT, LEASE_MS, RETENTION_MS } from '../measure/fresh-key.js'

/** What a store does for one delivery: the claim, and the mark that it is handled. */
export async function handle(store: DedupStore, key: string): Promise<void> {
  const claim = await store.claim(key, LEASE_MS, ABOUT)
  if (claim.status !== 'claimed') throw new Error(`${key} is ${claim.status}`)
  await store.complete(key, claim.token, RETENTION_MS)
}
