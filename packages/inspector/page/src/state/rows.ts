import { computed, signal } from '@preact/signals'
import type { Row } from '../../../src/api.ts'
import { belongs } from './filters.ts'
import { RowBook } from './row-book.ts'
import { WaitingRows } from './waiting-rows.ts'

/** More than anybody scrolls through. Filters find the others. */
const MAX_ROWS = 150_000

export const book = new RowBook(MAX_ROWS)

/** Counts the changes of the book: whoever shows rows reads it. */
export const bookVersion = signal(0)

/** Whether somebody reads: the list does not move then, and new rows wait. */
export const isScrolled = signal(false)
export const cursor = signal<string | undefined>(undefined)
const isReading = computed(() => isScrolled.value || cursor.value !== undefined)

/** Enough for some seconds at full speed. The inspector has the others. */
const MAX_WAITING = 10_000

const waiting = new WaitingRows(MAX_WAITING)
export const waitingCount = signal(0)
export const hasWaitingGap = () => waiting.hasGap

/**
 * Takes rows that arrived: known ones are replaced, new ones go on top, or wait while somebody reads. A row that is in the
 * list already shows its new state, also if the filters would leave it out.
 */
export function takeRows(rows: readonly Row[]): void {
  for (const row of [...rows].sort((one, other) => one.at - other.at)) {
    if (book.replace(row)) continue
    if (!belongs(row)) waiting.delete(row.key)
    else if (isReading.value || waiting.has(row.key)) waiting.put(row)
    else book.push(row)
  }
  waitingCount.value = waiting.size
  bookVersion.value++
}

/** Puts the rows that wait on top. */
export function showWaiting(): void {
  for (const row of waiting.takeAll()) book.push(row)
  waitingCount.value = 0
  bookVersion.value++
}

/** Replaces everything by the first page. */
export function resetRows(rows: readonly Row[]): void {
  waiting.takeAll()
  waitingCount.value = 0
  book.clear()
  book.append(rows)
  bookVersion.value++
}

/** Replaces everything by the first page, and keeps what arrived after it was read. */
export function renewRows(rows: readonly Row[]): void {
  const newestAt = rows[0]?.at ?? 0
  const later = waiting.takeAll().filter(({ at }) => at >= newestAt)
  resetRows(rows)
  takeRows(later)
}

export function appendRows(rows: readonly Row[]): void {
  book.append(rows.filter(({ key }) => !waiting.has(key)))
  bookVersion.value++
}
