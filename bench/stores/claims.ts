import { ABOUT, freshKeys, LEASE_MS } from '../measure/fresh-key.js'
import { quantile, ratioOf, type Spread, spreadOf } from '../measure/statistics.js'
import type { BenchDatabase } from './databases.js'

export const CONCURRENCIES = [1, 50, 500] as const

const ROUNDS = 7
const SLICE_MS = 500
const WARM_UP_MS = 400

export interface ClaimFigures {
  readonly database: string
  readonly concurrency: number
  readonly ours: Side
  readonly singly: Side
  /** Claims per second of ours, as times those singly. */
  readonly ratio: Spread
}

interface Side {
  readonly perSecond: Spread
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Claims of fresh keys by so many callers at once, in batches and singly by turns. */
export async function measureClaims(name: string, database: BenchDatabase, concurrency: number): Promise<ClaimFigures> {
  const nextKey = freshKeys(Date.now() * 1000)
  const claims = [
    () => database.store.claim(nextKey(), LEASE_MS, ABOUT),
    () => database.claimSingly(nextKey()),
  ] as const
  for (const claim of claims) await run(claim, concurrency, WARM_UP_MS)
  const rates: [number[], number[]] = [[], []]
  const latencies: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    for (const turn of [round % 2, (round + 1) % 2] as (0 | 1)[]) {
      const { perSecond, latenciesMs } = await run(claims[turn], concurrency, SLICE_MS)
      rates[turn].push(perSecond)
      for (const ms of latenciesMs) latencies[turn].push(ms)
    }
  }
  const side = (turn: 0 | 1): Side => {
    const sorted = latencies[turn].sort((one, other) => one - other)
    return { perSecond: spreadOf(rates[turn]), p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) }
  }
  return { database: name, concurrency, ours: side(0), singly: side(1), ratio: ratioOf(rates[0], rates[1]) }
}

async function run(claim: () => Promise<unknown>, concurrency: number, lengthMs: number) {
  const latenciesMs: number[] = []
  const startedAt = performance.now()
  const caller = async () => {
    while (performance.now() - startedAt < lengthMs) {
      const askedAt = performance.now()
      await claim()
      latenciesMs.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  return { perSecond: latenciesMs.length / ((performance.now() - startedAt) / 1000), latenciesMs }
}
