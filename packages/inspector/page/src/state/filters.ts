import { computed, signal } from '@preact/signals'
import type { Row } from '../../../src/api.ts'

/** The filters of the list, by the names that the inspector knows them by. Absent: everything. */
export interface Filters {
  readonly provider?: string
  readonly type?: string
  readonly state?: string
  readonly code?: string
  readonly about?: string
}

/** A tab keeps its filters when it is reloaded. They may be addresses, so they are not put into its address. */
const KEY = 'mailbox-hooks-filters'

export const filters = signal<Filters>(stored())

export const isFiltered = computed(() => Object.keys(filters.value).length > 0)

export const filterQuery = computed(() => new URLSearchParams(Object.entries(filters.value)).toString())

/** Without those that a delivery comes under and leaves again while it is shown. */
export const streamQuery = computed(() => {
  const { state: _state, code: _code, ...lasting } = filters.value
  return new URLSearchParams(Object.entries(lasting)).toString()
})

/** Whether a row belongs into the list, by the filters that the stream does not apply. */
export function belongs({ state, code }: Row): boolean {
  const wanted = filters.value
  return (wanted.state === undefined || wanted.state === state) && (wanted.code === undefined || wanted.code === code)
}

/** Sets some filters. An empty text removes its filter. */
export function setFilters(change: { readonly [name in keyof Filters]: string }): void {
  const all = Object.entries({ ...filters.value, ...change }).filter(([, value]) => value !== '')
  replaceFilters(Object.fromEntries(all))
}

export const clearFilters = () => replaceFilters({})

function replaceFilters(next: Filters): void {
  filters.value = next
  sessionStorage.setItem(KEY, JSON.stringify(next))
}

function stored(): Filters {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}')
  } catch {
    return {}
  }
}
