import { randomInt } from 'node:crypto'

/** 2025-01-01. */
const BEGINNING_MS = 1_735_689_600_000
const TICK_MS = 64
/** So many ids in a tick. With ticks until the year 2094, they are whole numbers of JavaScript. */
const IDS = 2 ** 18

/**
 * Ids for so many entries, one after the other, that grow with time, so that entries lie in the order in which they came.
 *
 * The database's own numbers would be given out under a lock of the whole table, because it does not know how many rows
 * a statement inserts. Where two processes draw the same, one of them draws again.
 */
export function newIds(count: number, now: number): number[] {
  const tick = Math.floor((now - BEGINNING_MS) / TICK_MS)
  const first = randomInt(IDS)
  return Array.from({ length: count }, (_, index) => tick * IDS + ((first + index) % IDS))
}
