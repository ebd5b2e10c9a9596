import { atLeast, atMost, type Goal } from '../measure/goal.js'
import type { MeasureOptions, Part } from '../measure/part.js'
import { rangeOf, type Spread } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { type JournalDatabase, journalDatabases } from './databases.js'
import { fill } from './deliver.js'
import { type JournalRate, measureEndToEnd } from './end-to-end.js'
import { measurePurge, type Purge } from './purge.js'
import { measureReads, type Reads } from './reads.js'
import { measureRecordingCost, type RecordingCost } from './recording-cost.js'
import { measureWork } from './work.js'

const ENTRIES = 100_000
const ENTRIES_LONG = 1_000_000

const WANTED_OF_STORE: Readonly<Record<string, number>> = { SQLite: 0.6, PostgreSQL: 0.7 }
const READ_MS = 5
const WORK_A_SECOND = 2_000
const STALL_MS = 200
const RECORDING_COST = 1.15

interface Filled {
  readonly database: string
  readonly durability: string
  readonly entries: number
  readonly reads: Reads
  readonly purge: Purge
  readonly work: Spread
}

interface JournalFigures {
  readonly recording: RecordingCost
  readonly endToEnd: readonly JournalRate[]
  readonly filled: readonly Filled[]
}

/** Express with a journal, and what a journal of many entries takes. */
export const journal: Part<JournalFigures> = { measure, tablesOf }

async function measure({ isLong }: MeasureOptions) {
  const recording = await measureRecordingCost()
  const endToEnd = await measureEndToEnd()
  const filled: Filled[] = []
  for (const open of await journalDatabases()) {
    const empty = await open()
    const work = await measureWork(empty).finally(() => empty.close())
    const database = await open()
    const rest = await measureFilled(database, isLong ? ENTRIES_LONG : ENTRIES).finally(() => database.close())
    filled.push({ ...rest, work })
  }
  const goals = [recordingGoal(recording), ...endToEnd.flatMap(endToEndGoal), ...filled.flatMap(filledGoals)]
  return { goals, figures: { recording, endToEnd, filled } }
}

async function measureFilled(database: JournalDatabase, entries: number): Promise<Omit<Filled, 'work'>> {
  await fill(database.journal, entries)
  const reads = await measureReads(database.journal, entries)
  const purge = await measurePurge(database)
  return { database: database.name, durability: database.durability, entries, reads, purge }
}

function recordingGoal({ ratio }: RecordingCost): Goal {
  const name = "Journal in memory, the server's processor time for a request"
  return atMost(RECORDING_COST, { name, measured: ratio, unit: ' × without' })
}

function endToEndGoal({ database, ratio }: JournalRate): Goal[] {
  const wanted = WANTED_OF_STORE[database]
  if (wanted === undefined) return []
  const name = `Journal, Express end to end, ${database}`
  return [atLeast(wanted, { name, measured: ratio, unit: ' of the store' })]
}

function filledGoals({ database, entries, reads, purge, work }: Filled): Goal[] {
  const of = `${database}, ${entries} entries`
  return [
    atMost(READ_MS, { name: `Journal, find by address, p95, ${of}`, measured: reads.about, unit: ' ms' }),
    atMost(READ_MS, { name: `Journal, the newest page, p95, ${of}`, measured: reads.newest, unit: ' ms' }),
    atLeast(WORK_A_SECOND, { name: `Journal, work, ${database}`, measured: work, unit: ' events a second' }),
    atMost(STALL_MS, { name: `Journal, stall beside a purge, ${of}`, measured: purge.stallMs, unit: ' ms' }),
  ]
}

function tablesOf({ recording, endToEnd, filled }: JournalFigures): Table[] {
  return [
    {
      title: "Express with a journal in memory: the server's processor time for a request, in µs",
      rows: [
        ['', 'without', 'with', 'ratio', 'range'],
        [
          'memoryJournal',
          recording.without.median.toFixed(0),
          recording.withJournal.median.toFixed(0),
          recording.ratio.median.toFixed(2),
          rangeOf(recording.ratio),
        ],
      ],
    },
    {
      title: 'Express with a journal, 32 connections, each delivery an event',
      rows: [
        ['', 'store, a second', 'journal, a second', 'ratio', 'range'],
        ...endToEnd.map(({ database, withStore, withJournal, ratio }) => [
          database,
          withStore.median.toFixed(0),
          withJournal.median.toFixed(0),
          ratio.median.toFixed(2),
          rangeOf(ratio),
        ]),
      ],
    },
    {
      title: 'A journal of many entries',
      rows: [
        [
          ...[
            '',
            'entries',
            'find by address, p95 ms',
            'newest page, p95 ms',
            'stats, p95 ms',
            'work, events a second',
          ],
          ...['purge, entries a second', 'slowest delivery before, ms', 'beside, ms'],
        ],
        ...filled.map(({ database, durability, entries, reads, purge, work }) => [
          `${database} (${durability})`,
          String(entries),
          ...[reads.about, reads.newest, reads.stats].map((ms) => ms.toFixed(1)),
          work.median.toFixed(0),
          purge.perSecond.toFixed(0),
          ...[purge.stallBeforeMs, purge.stallMs].map((ms) => ms.toFixed(0)),
        ]),
      ],
    },
  ]
}
