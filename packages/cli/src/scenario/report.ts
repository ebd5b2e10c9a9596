import type { Channel } from '../output/output.js'
import { shorten } from '../output/printable.js'
import { printTable } from '../output/table.js'
import type { Judged, Judgement } from './judge.js'

interface Context {
  /** The scenarios that could not be completed. */
  readonly unfinished: readonly string[]
}

/** Prints a table for each scenario, its faults below it, and the total. */
export function printJudgement({ rows, tellsDuplicates }: Judgement, { unfinished }: Context, stdout: Channel): void {
  for (const scenario of new Set(rows.map(({ played }) => played.scenario))) {
    stdout.line(stdout.style('bold', scenario))
    printTable(
      stdout,
      ['', 'delivery', 'as', 'a correct receiver', 'this one', ''],
      rows.filter(({ played }) => played.scenario === scenario).map((row) => cellsOf(row, stdout)),
    )
    stdout.line()
  }
  if (!tellsDuplicates) stdout.line(`${stdout.style('yellow', 'note:')} ${CANNOT_TELL}`)
  if (unfinished.length > 0) stdout.line(stdout.style('red', `too slow: not finished are ${unfinished.join(', ')}`))
  stdout.line(sumOf(rows, stdout))
}

const CANNOT_TELL =
  'this receiver answers a duplicate like a new event, so only the statuses could be judged. ' +
  'An answer such as {"received":true,"duplicate":true} lets the rest be checked.'

function cellsOf(row: Judged, stdout: Channel): string[] {
  const { played, expected, isRight, reason } = row
  return [
    isRight ? stdout.style('green', '✓') : stdout.style('red', '✗'),
    nameOf(row),
    played.part,
    expected,
    shorten(answerOf(row), 60),
    reason === undefined ? '' : stdout.style('red', reason),
  ]
}

const nameOf = ({ played: { event, label } }: Judged) => (label === '' ? event : `${event} (${label})`)

function answerOf({ played: { answer, failure = '' } }: Judged): string {
  return answer === undefined ? failure : `${answer.status} ${answer.body}`.trim()
}

function sumOf(rows: readonly Judged[], stdout: Channel): string {
  const wrong = rows.filter(({ isRight }) => !isRight).length
  const right = stdout.style('green', `${rows.length - wrong} right`)
  return wrong === 0 ? right : `${right}, ${stdout.style('red', `${wrong} wrong`)}`
}

/** Returns the printed rows as JSON, with their times. */
export const toJson = ({ rows, tellsDuplicates }: Judgement, { unfinished }: Context) => ({
  right: rows.filter(({ isRight }) => isRight).length,
  wrong: rows.filter(({ isRight }) => !isRight).length,
  tellsDuplicates,
  unfinished,
  rows: rows.map((row) => ({
    scenario: row.played.scenario,
    provider: row.played.provider,
    event: row.played.event,
    label: row.played.label,
    as: row.played.part,
    expected: row.expected,
    status: row.played.answer?.status ?? null,
    answer: row.played.answer?.body ?? null,
    durationMs: Math.round(row.played.endedAtMs - row.played.startedAtMs),
    right: row.isRight,
    ...(row.reason !== undefined && { reason: row.reason }),
  })),
})
