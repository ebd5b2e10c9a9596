import type { EntryState, JournalFilter } from '@mailbox-hooks/core'
import type { Row } from '../api.js'
import { Refusal } from '../server/reply.js'

/** What rows are asked for. All given conditions must hold. */
export interface RowFilter {
  readonly provider: string | undefined
  readonly type: string | undefined
  readonly states: readonly Row['state'][] | undefined
  readonly code: string | undefined
  readonly about: string | undefined
}

const STATES: readonly string[] = ['received', 'handled', 'failed', 'queued', 'dead', 'refused']

/** Reads the filter of a query. Several states are joined by commas. */
export function readFilter(query: URLSearchParams): RowFilter {
  const text = (name: string) => query.get(name) || undefined
  const states = text('state')?.split(',')
  const unknown = states?.find((state) => !STATES.includes(state))
  if (unknown !== undefined) throw new Refusal(400, `There is no state ${unknown}: it is one of ${STATES.join(', ')}.`)
  const same = { provider: text('provider'), type: text('type'), code: text('code'), about: text('about') }
  return { ...same, states: states as RowFilter['states'] }
}

/** The part of a filter that the journal applies. Undefined where no entry can be among the rows. */
export function journalFilter({ provider, states, about }: RowFilter): JournalFilter | undefined {
  const state = states?.filter((each): each is EntryState => each !== 'refused')
  if (state?.length === 0) return undefined
  // Not the type: to the journal, an event without a schema is `unknown`, and its row has the name that was sent.
  return { provider, about, state }
}

/** Whether a row is wanted, as far as a row tells. Of `about` it has one address or id of many. */
export function isWanted(row: Row, { provider, type, states, code, about }: RowFilter): boolean {
  return (
    (provider === undefined || row.provider === provider) &&
    (type === undefined || row.type === type) &&
    (states === undefined || states.includes(row.state)) &&
    (code === undefined || row.code === code) &&
    (about === undefined || (row.about?.toLowerCase().includes(about.toLowerCase()) ?? false))
  )
}
