import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type DedupStore, memoryStore } from '@mailbox-hooks/core'
import { freshKeys } from '../measure/fresh-key.js'
import { handle } from './handle.js'
import { lruStore, mapStore } from './plain-stores.js'

/** In a process of its own: what a store with so many handled keys takes, and how long a full collection then lasts. */
export interface Footprint {
  readonly bytesPerKey: number
  readonly collectionMs: number
  readonly emptyCollectionMs: number
}

const STORES = {
  ours: () => memoryStore(),
  'lru-cache': (keys: number) => lruStore(keys),
  Map: () => mapStore(),
}

export type StoreKind = keyof typeof STORES

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const [kind, count] = process.argv.slice(2)
const keys = Number(count)
// The caller passes one of the kinds.
const open = () => STORES[kind as StoreKind](keys)
await fill(open(), 20_000) // So that the code is compiled before anything is counted.
const emptyCollectionMs = collectionMs()
const before = usedBytes()
const store = open()
await fill(store, keys)
const result: Footprint = {
  bytesPerKey: (usedBytes() - before) / keys,
  collectionMs: collectionMs(),
  emptyCollectionMs,
}
// Asked once more, so that it is still there when it is measured.
if ((await store.claim(freshKeys()(), 1, { provider: '', type: '' })).status !== 'done') throw new Error('forgotten')
process.send?.(result)

async function fill(store: DedupStore, count: number): Promise<void> {
  const nextKey = freshKeys()
  for (let handled = 0; handled < count; handled++) await handle(store, nextKey())
}

function usedBytes(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function collectionMs(): number {
  collect()
  const startedAt = performance.now()
  for (let times = 0; times < 5; times++) collect()
  return (performance.now() - startedAt) / 5
}
