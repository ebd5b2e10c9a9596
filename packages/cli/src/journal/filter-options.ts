import type { EntryState, JournalFilter } from '@mailbox-hooks/core'
import type { Command } from 'commander'
import { EXIT, Failure } from '../failure.js'
import { readTime } from './read-time.js'

/** The options by which commands name entries. */
export interface FilterOptions {
  readonly about?: string
  readonly type?: string
  readonly provider?: string
  readonly account?: string
  readonly state?: string
  readonly since?: string
  readonly until?: string
}

const STATES: readonly EntryState[] = ['received', 'handled', 'failed', 'queued', 'dead']

export const withFilter = (command: Command): Command =>
  command
    .option('--about <text>', 'an address, a domain, or an id of a mailbox, order, inbox or thread')
    .option('--type <type>', 'the event type, e.g. mailbox.created')
    .option('--provider <name>', 'cold-mail-reseller, inboxkit, openmail, or your own')
    .option('--account <name>', 'the account of the provider')
    .option('--state <state>', `${STATES.join(', ')}; several with commas`)
    .option('--since <time>', 'first received since: 2026-11-28T08:00Z, or 2h ago as 2h')
    .option('--until <time>', 'first received before')

export function readFilter({ about, type, provider, account, state, since, until }: FilterOptions): JournalFilter {
  return {
    about,
    type,
    provider,
    account,
    state: state?.split(',').map(readState),
    since: since === undefined ? undefined : readTime(since),
    until: until === undefined ? undefined : readTime(until),
  }
}

function readState(text: string): EntryState {
  const state = STATES.find((known) => known === text.trim())
  if (state !== undefined) return state
  throw new Failure(`There is no state ${JSON.stringify(text)}; there are ${STATES.join(', ')}.`, EXIT.usage)
}
