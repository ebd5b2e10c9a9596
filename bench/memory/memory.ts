import { memoryStore } from '@mailbox-hooks/core'
import { startProcess } from '../http/server-process.js'
import { compare } from '../measure/compare.js'
import { freshKeys } from '../measure/fresh-key.js'
import { atMost } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import { highestOf, rangeOf, ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import type { Footprint, StoreKind } from './footprint.js'
import { handle } from './handle.js'
import { lruStore } from './plain-stores.js'

const KINDS: readonly StoreKind[] = ['ours', 'lru-cache', 'Map']
const COUNTS = [100_000, 1_000_000] as const
const ROUNDS = 25
const SLICE_MS = 30

export interface FootprintFigures extends Footprint {
  readonly kind: StoreKind
  readonly keys: number
}

interface ClaimFigures {
  readonly keys: number
  readonly nanoseconds: Readonly<Record<'ours' | 'lru-cache', Spread>>
  readonly ratio: Spread
}

interface MemoryFigures {
  readonly footprints: readonly FootprintFigures[]
  readonly claims: readonly ClaimFigures[]
}

/** What the memory store takes, in time when it is full and in memory. */
export const memory: Part<MemoryFigures> = { measure, tablesOf }

async function measure() {
  const footprints = await measureFootprints()
  const claims: ClaimFigures[] = []
  for (const keys of COUNTS) claims.push(await measureClaims(keys))
  const bytes = footprints.find(({ kind, keys }) => kind === 'ours' && keys === 1_000_000)!.bytesPerKey
  const slowest = highestOf(claims.map(({ ratio }) => ratio))
  const goals = [
    atMost(1, {
      name: 'Memory claim at capacity, worst of 100 k and 1 M keys',
      measured: slowest,
      unit: ' × lru-cache',
    }),
    atMost(45, { name: 'Memory a handled key, at a million', measured: bytes, unit: ' bytes' }),
  ]
  return { goals, figures: { footprints, claims } }
}

function tablesOf({ footprints, claims }: MemoryFigures): Table[] {
  return [
    {
      title: 'Memory a handled key, and a full collection',
      rows: [
        ['', 'keys', 'bytes a key', 'collection ms', 'without keys'],
        ...footprints.map(({ kind, keys, bytesPerKey, collectionMs, emptyCollectionMs }) => [
          kind,
          String(keys),
          bytesPerKey.toFixed(0),
          collectionMs.toFixed(1),
          emptyCollectionMs.toFixed(1),
        ]),
      ],
    },
    {
      title: 'A claim and its mark at capacity, each taking the place of the oldest',
      rows: [
        ['keys', 'ours ns', 'lru-cache ns', 'ratio', 'range'],
        ...claims.map(({ keys, nanoseconds, ratio }) => [
          String(keys),
          nanoseconds.ours.median.toFixed(0),
          nanoseconds['lru-cache'].median.toFixed(0),
          ratio.median.toFixed(2),
          rangeOf(ratio),
        ]),
      ],
    },
  ]
}

async function measureFootprints() {
  const footprints: FootprintFigures[] = []
  for (const keys of COUNTS) {
    for (const kind of KINDS) {
      const module = new URL('footprint.ts', import.meta.url)
      const { child, message } = await startProcess<Footprint>(module, [kind, String(keys)])
      child.disconnect()
      footprints.push({ kind, keys, ...message })
    }
  }
  return footprints
}

async function measureClaims(keys: number): Promise<ClaimFigures> {
  // That it is full is what is measured; it says so once.
  process.removeAllListeners('warning')
  const stores = { ours: memoryStore({ maxKeys: keys }), 'lru-cache': lruStore(keys) }
  const cases = { ours: freshKeys(), 'lru-cache': freshKeys() }
  for (const [name, nextKey] of Object.entries(cases) as [keyof typeof stores, () => string][]) {
    for (let handled = 0; handled < keys; handled++) await handle(stores[name], nextKey())
  }
  const timings = await compare(
    {
      ours: () => handle(stores.ours, cases.ours()),
      'lru-cache': () => handle(stores['lru-cache'], cases['lru-cache']()),
    },
    { rounds: ROUNDS, sliceMs: SLICE_MS },
  )
  const { ours, 'lru-cache': lru } = timings
  return { keys, nanoseconds: { ours: spreadOf(ours), 'lru-cache': spreadOf(lru) }, ratio: ratioOf(ours, lru) }
}
