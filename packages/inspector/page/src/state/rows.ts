import { computed, signal } from '@preact/signals'
import type { Row } from '../../../src/api.ts'
import { belongs } from './filters.ts'
import { RowBook } from './row-book.ts'

/** More than anybody scrolls through. Filters find the others. */
const MAX_ROWS = 150_000

export const book = new RowBook(MAX_ROWS)

/** Counts the changes of the book: whoever shows rows reads it. */
export const bookVersion = signal(0)

/** Whether somebody reads: the list does not move then, and new rows wait. */
export const isScrolled = signal(false)
export const cursor = signal<string | undefined>(undefined)
const isReading = computed(() => isScrolled.value || cursor.value !== undefined)

const waiting = new Map<string, Row>()
export const waitingCount = signal(0)

/**
 * Takes rows that arrived: known ones are replaced, new ones go on top, or wait while somebody reads. A row that is in the
 * list already shows its new state, also if the filters would leave it out.
 */
export function takeRows(rows: readonly Row[]): void {
  for (const row of [...rows].sort((one, other) => one.at - other.at)) {
    if (book.replace(row)) continue
    if (!belongs(row)) waiting.delete(row.key)
    else if (isReading.value || waiting.has(row.key)) waiting.set(row.key, row)
    else book.push(row)
  }
  waitingCount.value = waiting.size
  bookVersion.value++
}

/** Puts the rows that wait on top. */
export function showWaiting(): void {
  for (const row of waiting.values()) book.push(row)
  waiting.clear()
  waitingCount.value = 0
  bookVersion.value++
}

/** Replaces everything by the first page. */
export function resetRows(rows: readonly Row[]): void {
  book.clear()
  waiting.clear()
  waitingCount.value = 0
  book.append(rows)
  bookVersion.value++
}

export function appendRows(rows: readonly Row[]): void {
  book.append(rows.filter(({ key }) => !waiting.has(key)))
  bookVersion.value++
}
