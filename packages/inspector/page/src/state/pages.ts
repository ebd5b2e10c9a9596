import { signal } from '@preact/signals'
import type { RowPage } from '../../../src/api.ts'
import { get, messageOf } from '../server/client.ts'
import { filterQuery } from './filters.ts'
import { appendRows, book, hasWaitingGap, renewRows, resetRows, showWaiting, takeRows } from './rows.ts'

const PAGE_ROWS = 1000

export type Loading = 'first' | 'more' | 'nothing'
export const loading = signal<Loading>('first')
export const loadingError = signal<string | undefined>(undefined)
export const hasMore = signal(false)

let next: string | undefined
let current = new AbortController()

/** Loads the newest page. Keeps what is shown, if the page continues it. */
export async function loadNewest({ keep }: { keep: boolean }, signal: AbortSignal): Promise<void> {
  current.abort()
  if (!keep) loading.value = 'first'
  const page = await fetchPage(undefined, signal)
  if (keep && page.rows.some(({ key }) => book.indexOf(key) !== -1)) takeRows(page.rows)
  else {
    resetRows(page.rows)
    setNext(page)
  }
  loadingError.value = undefined
  loading.value = 'nothing'
}

/** Loads the page below the last row, unless that is going on already. */
export async function loadOlder(): Promise<void> {
  if (loading.value !== 'nothing' || next === undefined) return
  current = new AbortController()
  const { signal } = current
  loading.value = 'more'
  try {
    const page = await fetchPage(next, signal)
    if (signal.aborted) return
    appendRows(page.rows)
    setNext(page)
    loadingError.value = undefined
  } catch (error) {
    if (signal.aborted) return
    // Stops the list from asking again at each step: the button asks.
    hasMore.value = false
    loadingError.value = messageOf(error)
  }
  loading.value = 'nothing'
}

/** Shows the rows that wait. When too many came to keep them all, the inspector is asked for the newest. */
export async function showNewest(): Promise<void> {
  if (!hasWaitingGap()) return showWaiting()
  current.abort()
  current = new AbortController()
  const { signal } = current
  try {
    const page = await fetchPage(undefined, signal)
    renewRows(page.rows)
    setNext(page)
  } catch (error) {
    if (!signal.aborted) loadingError.value = messageOf(error)
  }
}

export function retryOlder(): Promise<void> {
  hasMore.value = next !== undefined
  loadingError.value = undefined
  return loadOlder()
}

function setNext(page: RowPage): void {
  next = page.next
  hasMore.value = next !== undefined
}

function fetchPage(after: string | undefined, signal: AbortSignal): Promise<RowPage> {
  const query = new URLSearchParams(filterQuery.value)
  query.set('limit', String(PAGE_ROWS))
  if (after !== undefined) query.set('after', after)
  return get<RowPage>(`/api/rows?${query}`, signal)
}
