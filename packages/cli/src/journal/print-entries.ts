import type { JournalAttempt, JournalEntry } from '@mailbox-hooks/core'
import type { Channel } from '../output/output.js'
import { printable, shorten } from '../output/printable.js'
import { printTable } from '../output/table.js'

const COLORS = { handled: 'green', queued: 'cyan', received: 'cyan', failed: 'yellow', dead: 'red' } as const

/** A row for each entry: when, what, which, and what became of it. */
export function printEntries(channel: Channel, entries: readonly JournalEntry[]): void {
  const rows = entries.map((entry) => [
    time(entry.firstReceivedAt),
    safe(entry.name ?? entry.type, 40),
    safe(entry.id, 60),
    channel.style(COLORS[entry.state], entry.state),
    String(entry.attempts.at(-1)?.number ?? 0),
    lastAnswer(entry.attempts.at(-1)),
  ])
  printTable(channel, ['first received', 'event', 'id', 'state', 'attempts', 'last'], rows)
}

/** Everything that is known of an entry but its payload. */
export function printEntry(channel: Channel, entry: JournalEntry): void {
  channel.line(`${channel.style('bold', safe(entry.id, 200))}  ${channel.style(COLORS[entry.state], entry.state)}`)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['event', entry.name === undefined ? entry.type : `${entry.name} (${entry.type})`],
    ['provider', entry.account === undefined ? entry.provider : `${entry.provider}, account ${entry.account}`],
    ['about', entry.entity],
    ['trust', entry.trust],
    ['first received', time(entry.firstReceivedAt)],
    ['last received', time(entry.lastReceivedAt)],
    ['next attempt', entry.nextAttemptAt && time(entry.nextAttemptAt)],
  ]
  for (const [name, value] of facts) {
    if (value !== undefined) channel.line(`  ${channel.style('dim', name.padEnd(14))}  ${safe(value, 200)}`)
  }
  channel.line()
  printTable(
    channel,
    ['attempt', 'ended', 'by', 'became', 'answer', 'took', 'error'],
    entry.attempts.map((attempt) => [
      String(attempt.number),
      time(attempt.at),
      attempt.source,
      attempt.kind,
      attempt.status === 0 ? '' : `${attempt.status}${attempt.code === undefined ? '' : ` ${attempt.code}`}`,
      `${Math.round(attempt.durationMs)} ms`,
      attempt.error === undefined ? '' : safe(`${attempt.error.name}: ${attempt.error.message}`, 120),
    ]),
  )
}

function lastAnswer(attempt: JournalAttempt | undefined): string {
  if (attempt === undefined) return ''
  const error = attempt.error === undefined ? '' : `  ${attempt.error.name}: ${attempt.error.message}`
  return safe(`${attempt.kind}${attempt.status === 0 ? '' : ` ${attempt.status}`}${error}`, 70)
}

export const time = (date: Date): string =>
  date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')

/** A sender chose it: a terminal must not obey it. */
const safe = (text: string, length: number) => shorten(printable(text, []), length)
