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
  const { entries, next } = await journal.find({ ...readFilter(options), limit: Number(limit), after })
  if (json) return stdout.line(printableJson({ entries, next }, 2))
  if (entries.length === 0) return stderr.line('No entry matches.')
  printEntries(stdout, entries)
  if (next !== undefined) stderr.line(`\nMore: add --after ${next}`)
}
