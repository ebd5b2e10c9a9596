import type { Journal } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import type { Output } from '../output/output.js'
import { type FilterOptions, readFilter } from './filter-options.js'
import { printEntries } from './print-entries.js'

export interface FindOptions extends FilterOptions {
  readonly limit: string
  readonly after?: string
  readonly json?: true
}

/** `journal find`: entries, the newest first. */
export async function find(journal: Journal, options: FindOptions, { stdout, stderr }: Output): Promise<void> {
  const { limit, after, json } = options
  const page = await journal.find({ ...readFilter(options), limit: Number(limit), after })
  const { entries, unreadable = [], next } = page
  if (json) return stdout.line(printableJson(page, 2))
  for (const { reason, count } of unreadable) stderr.line(`Not shown: ${count}. ${reason}`)
  if (entries.length > 0) printEntries(stdout, entries)
  else if (unreadable.length === 0) return stderr.line('No entry matches.')
  if (next !== undefined) stderr.line(`\nMore: add --after ${next}`)
}
