import type { EntryState, Journal, JournalEntry } from '@mailbox-hooks/core'
import { printableJson } from '@mailbox-hooks/core/queue'
import { EXIT, Failure } from '../failure.js'
import type { Output } from '../output/output.js'
import { printable } from '../output/printable.js'
import { checkTarget } from '../request/target.js'
import { type FilterOptions, readFilter } from './filter-options.js'
import { sendTicket, type TicketAnswer } from './send-ticket.js'

export interface ReplayOptions extends FilterOptions {
  readonly to?: string
  readonly allowRemote?: true
  readonly json?: true
}

interface Result extends TicketAnswer {
  readonly id: string
}

/** `journal replay`: asks a receiver, by tickets, to run entries again; named one by one, or by a filter, oldest first. */
export async function replay(
  journal: Journal,
  ids: readonly string[],
  options: ReplayOptions,
  { stdout, stderr }: Output,
): Promise<number> {
  if (options.to === undefined)
    throw new Failure('Pass --to <url>, the address at which the receiver takes deliveries.')
  const to = checkTarget(options.to, options.allowRemote ?? false)
  const wanted = ids.length > 0 ? ids : await idsOf(journal, options, stderr)
  // An entry that a filter has found may be handled before its turn. One that is named runs in any state.
  const states = ids.length > 0 ? undefined : statesOf(options)
  const results: Result[] = []
  for (const id of wanted) {
    const ticket = await ticketOf(journal, id, states)
    if (ticket === undefined) {
      stderr.line(`Skipped: ${printable(id, [])} is not ${states?.join(' or ')} any more.`)
      continue
    }
    const answer = await sendTicket(to, ticket)
    results.push({ id, ...answer })
    if (!options.json) stdout.line(lineOf(id, answer, stdout))
    if (stderr.isTerminal && wanted.length > 1) stderr.raw(`${results.length} of ${wanted.length}\r`)
  }
  const handled = results.filter(({ isHandled }) => isHandled).length
  if (options.json) stdout.line(printableJson({ handled, failed: results.length - handled, results }, 2))
  else stderr.line(`${handled} of ${results.length} handled.`)
  return handled === results.length ? EXIT.ok : EXIT.wrong
}

/** Without a state, those that failed and those that were given up. */
async function idsOf(journal: Journal, options: ReplayOptions, stderr: Output['stderr']): Promise<string[]> {
  const filter = readFilter(options)
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new Failure('Name the entries: by their ids, or by --state, --since, --about, …')
  }
  const query = { ...filter, state: statesOf(options), limit: 1_000 }
  const entries: JournalEntry[] = []
  let after: string | undefined
  do {
    const page = await journal.find({ ...query, after })
    entries.push(...page.entries)
    for (const { reason, count } of page.unreadable ?? []) stderr.line(`Skipped: ${count}. ${reason}`)
    after = page.next
  } while (after !== undefined)
  return entries.reverse().map(({ id }) => id)
}

const statesOf = (options: ReplayOptions): readonly EntryState[] =>
  [readFilter(options).state ?? (['failed', 'dead'] as const)].flat()

/** Undefined if the entry is in none of the states any more. */
async function ticketOf(
  journal: Journal,
  id: string,
  states: readonly EntryState[] | undefined,
): Promise<string | undefined> {
  const entry = await journal.entry(id)
  if (entry === undefined) throw new Failure(`The journal has no entry ${id}.`, EXIT.wrong)
  if (states?.includes(entry.state) === false) return undefined
  // It may change between the two.
  return states === undefined ? journal.ticket(id) : journal.ticket(id, { state: states }).catch(() => undefined)
}

function lineOf(id: string, { status, isHandled, code }: TicketAnswer, channel: Output['stdout']): string {
  const mark = isHandled ? channel.style('green', 'handled') : channel.style('red', 'failed ')
  return `  ${mark}  ${status}  ${printable(id, [])}${code === undefined ? '' : `  ${printable(code, [])}`}`
}
