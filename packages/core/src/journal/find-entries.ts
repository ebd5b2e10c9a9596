import type { DeliveryClaim } from '../delivery/received-delivery.js'
import { readOptions } from '../options/option-rules.js'
import { queryTokens } from './about-index.js'
import { entryHash } from './entry-hash.js'
import type { Journal, JournalFilter, JournalQuery, JournalStats } from './journal.js'
import { FILTER_RULES, QUERY_RULES } from './journal-options.js'
import type { JournalParts } from './journal-parts.js'
import type { EntryRow, EntryState, RowQuery } from './journal-store.js'
import { readDelivery, readEntry, readPage } from './read-entry.js'

/** The methods of a journal that look and change nothing. */
export function entryFinder({
  rows,
  sealer,
  namespace,
}: JournalParts): Pick<Journal, 'find' | 'entry' | 'open' | 'stats'> {
  return {
    async find(query: JournalQuery = {}) {
      const { limit, after, ...filter } = readOptions<JournalQuery & { limit: number }>('find', query, QUERY_RULES)
      const opened = await sealer()
      const position = after === undefined ? undefined : readCursor(after)
      // One more than asked for tells whether there is another page.
      const terms = { order: 'newest', limit: limit + 1, after: position } as const
      const found = await rows.find({ namespace, ...rowFilter(opened, filter), ...terms })
      const page = found.slice(0, limit)
      const read = readPage(opened, page)
      const last = page.at(-1)
      return last === undefined || found.length <= limit ? read : { ...read, next: writeCursor(last) }
    },

    async entry(id) {
      const row = await rows.read(namespace, entryHash(id))
      return row && readEntry(await sealer(), row)
    },

    async open(id) {
      const row = await rows.read(namespace, entryHash(id))
      if (row === undefined) return undefined
      const { delivery } = readDelivery(await sealer(), row, JUST_TO_LOOK_AT)
      // A journal holds what the registered providers delivered.
      return delivery as Awaited<ReturnType<Journal['open']>>
    },

    async stats(): Promise<JournalStats> {
      const providers = new Map<string, Mutable>()
      for (const { provider, account, state, count, lastReceivedAt } of await rows.stats(namespace)) {
        const owner = JSON.stringify([provider, account])
        const known = providers.get(owner) ?? { provider, account, last: 0, states: { ...NO_STATES } }
        known.states[state] += count
        known.last = Math.max(known.last, lastReceivedAt)
        providers.set(owner, known)
      }
      return {
        providers: [...providers.values()].map(({ provider, account, last, states }) => ({
          provider,
          ...(account !== undefined && { account }),
          lastReceivedAt: new Date(last),
          states,
        })),
      }
    },
  }
}

interface Mutable {
  readonly provider: string
  readonly account: string | undefined
  readonly states: Record<EntryState, number>
  last: number
}

const NO_STATES = { received: 0, handled: 0, failed: 0, queued: 0, dead: 0 }

const JUST_TO_LOOK_AT: DeliveryClaim = {
  get signal() {
    return new AbortController().signal
  },
  complete: () => Promise.resolve(false),
  release: () => Promise.resolve(false),
}

type RowFilter = Pick<RowQuery, 'about' | 'provider' | 'account' | 'type' | 'states' | 'since' | 'until'>

/** Throws a `TypeError` for a filter that cannot be. */
export function rowFilter(sealer: Parameters<typeof queryTokens>[0], filter: JournalFilter): RowFilter {
  const { about, state, since, until, ...same } = readOptions<JournalFilter>('journal', filter, FILTER_RULES)
  return {
    ...same,
    about: about === undefined ? undefined : queryTokens(sealer, about),
    // One or several; the rules have looked at them.
    states: state === undefined ? undefined : ([state].flat() as EntryState[]),
    since: since === undefined ? undefined : Number(since),
    until: until === undefined ? undefined : Number(until),
  }
}

const writeCursor = ({ firstReceivedAt, hash }: EntryRow) => `${firstReceivedAt}.${hash}`

function readCursor(text: string): { at: number; hash: string } {
  const [, at, hash] = /^(\d+)\.([0-9a-f]{64})$/.exec(text) ?? []
  if (at === undefined || hash === undefined) throw new TypeError('find: after must be the next of another page')
  return { at: Number(at), hash }
}
