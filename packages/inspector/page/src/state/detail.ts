import { signal } from '@preact/signals'
import type { Detail, Row } from '../../../src/api.ts'
import { get, messageOf } from '../server/client.ts'
import { clearResults } from './actions.ts'
import { hideRevealed } from './revealed.ts'
import { cursor } from './rows.ts'

/** The key of the delivery that is open beside the list. */
export const opened = signal<string | undefined>(undefined)

export type DetailState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly detail: Detail }
  | { readonly kind: 'error'; readonly message: string }

export const detailState = signal<DetailState>({ kind: 'loading' })

/** The number of the attempt that is shown. Undefined: the last. */
export const shownAttempt = signal<number | undefined>(undefined)

let current = new AbortController()

export function openDetail(key: string): void {
  cursor.value = key
  if (opened.value === key) return
  opened.value = key
  shownAttempt.value = undefined
  detailState.value = { kind: 'loading' }
  hideRevealed()
  clearResults()
  void load(key)
}

export function closeDetail(): void {
  current.abort()
  opened.value = undefined
  hideRevealed()
  clearResults()
}

/** Loads the open delivery anew if it is among the rows that changed. What is shown stays until then. */
export function refreshDetail(rows: readonly Row[]): void {
  const key = opened.value
  if (key !== undefined && rows.some((row) => row.key === key)) void load(key)
}

export function reloadDetail(): void {
  if (opened.value === undefined) return
  detailState.value = { kind: 'loading' }
  void load(opened.value)
}

async function load(key: string): Promise<void> {
  current.abort()
  current = new AbortController()
  const { signal: stop } = current
  try {
    const detail = await get<Detail>(`/api/details/${encodeURIComponent(key)}?diagnosis=1`, stop)
    if (!stop.aborted) detailState.value = { kind: 'ready', detail }
  } catch (error) {
    if (!stop.aborted) detailState.value = { kind: 'error', message: messageOf(error) }
  }
}
