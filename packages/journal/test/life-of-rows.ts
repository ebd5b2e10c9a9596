import type { JournalStore } from '@mailbox-hooks/core/journal'
import { expect } from 'vitest'
import { aboutOf, attemptOf, begun, entryOf, hashOf, KEY_ID, LEASE_MS, newToken, ofEntry } from './entries.js'

/** Every byte, and texts of every script. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const TEXT = 'é ß 日本 😀 "\\'

/** Runs each kind of statement in the course of an entry's life, and returns the answers. */
export async function lifeOf(store: Required<JournalStore>, key: string): Promise<unknown> {
  const about = [aboutOf(key)]
  const sealed = { keyId: KEY_ID, format: 1, meta: BYTES, content: BYTES }
  const given = { about, sealed, provider: TEXT, account: TEXT, type: TEXT, namespace: TEXT + key }
  const { namespace } = given
  const [entry] = await Promise.all([begun(store, key, given), begun(store, `${key} beside`, given)])
  const second = await store.begin(entryOf(key, given))
  const isExtended = await store.extend(entry.hash, entry.token, LEASE_MS)
  const attempt = attemptOf({ kind: TEXT, code: TEXT, error: BYTES, keyId: KEY_ID })
  const isFinished = await store.finish(entry.hash, entry.token, { state: 'failed', next: { inMs: 0 }, attempt })
  await store.note(ofEntry(key, namespace), attemptOf({ kind: 'duplicate' }))
  const taken = await store.take({ namespace, limit: 10, leaseMs: LEASE_MS, keyIds: [KEY_ID], maxFormat: 1 })
  await store.finish(taken[0]?.hash ?? '', taken[0]?.token ?? '', { state: 'dead', next: 'never', attempt: undefined })
  const rerun = { namespace, hash: entry.hash, token: newToken(), leaseMs: LEASE_MS, keyIds: [KEY_ID], maxFormat: 1 }
  const { status } = await store.rerun(rerun)
  await store.finish(entry.hash, rerun.token, { state: 'handled', next: 'never', attempt: undefined })
  const found = await store.find({ namespace, order: 'newest', limit: 10, about, states: ['handled'] })
  const row = await store.read(namespace, hashOf(key))
  const stats = await store.stats(namespace)
  const id = hashOf(key).slice(0, 32)
  await store.addRefusal({ namespace, id, at: 0, code: TEXT, provider: TEXT, keyId: KEY_ID, content: BYTES }, 10)
  const [refusal] = await store.refusals(namespace, 10)
  const purged = await store.purge({ namespace, keepMs: 60_000, limit: 10 })
  const erased = await store.erase({ namespace, about })
  return {
    statuses: [second.status, isExtended, isFinished, taken.length, status, found.length, purged, erased],
    texts: [row?.provider, row?.account, row?.type, row?.attempts[0]?.kind, row?.attempts[0]?.code, refusal?.code],
    bytes: [row?.meta, row?.content, row?.attempts[0]?.error, refusal?.content].map(
      (bytes) => bytes && BYTES.equals(bytes),
    ),
    counts: stats.map(({ count, provider }) => [count, provider]),
  }
}

export const LIFE = {
  statuses: ['in-flight', true, true, 1, 'begun', 1, 0, 2],
  texts: Array(6).fill(TEXT),
  bytes: [true, true, true, true],
  counts: expect.arrayContaining([[1, TEXT]]),
}
