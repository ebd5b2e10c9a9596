import { atLeast, atMost, type Goal } from '../measure/goal.js'
import type { Part } from '../measure/part.js'
import { rangeOf } from '../measure/statistics.js'
import type { Table } from '../measure/table.js'
import { type ClaimFigures, CONCURRENCIES, measureClaims } from './claims.js'
import { type BenchDatabase, findSqlite, openMariadb, openPostgres, openRedis, openSqlite } from './databases.js'
import { type EndToEndFigures, measureEndToEnd } from './end-to-end.js'

/** How each database is opened that is there. */
async function databases(): Promise<Readonly<Record<string, () => Promise<BenchDatabase>>>> {
  const Sqlite = await findSqlite()
  return {
    PostgreSQL: openPostgres,
    MariaDB: openMariadb,
    ...(Sqlite === undefined ? {} : { SQLite: () => openSqlite(Sqlite) }),
    Redis: openRedis,
  }
}

/** What of claims per second singly ours must reach, by concurrency. */
const WANTED: Readonly<Record<string, Partial<Record<number, number>>>> = {
  PostgreSQL: { 1: 0.9, 50: 4, 500: 6 },
  MariaDB: { 500: 9 },
  SQLite: { 500: 9 },
}

const WANTED_END_TO_END: Readonly<Record<string, number>> = { PostgreSQL: 0.65, Redis: 0.75 }

interface StoreFigures {
  readonly claims: readonly ClaimFigures[]
  readonly commandsPerRedisClaim: number
  readonly endToEnd: readonly EndToEndFigures[]
}

/** Claims of the stores against a statement a row, and Express on them. */
export const stores: Part<StoreFigures> = { measure, tablesOf }

async function measure() {
  const claims: ClaimFigures[] = []
  for (const [name, open] of Object.entries(await databases())) {
    for (const concurrency of CONCURRENCIES) {
      const database = await open()
      claims.push(await measureClaims(name, database, concurrency))
      await database.close()
    }
  }
  const redis = await openRedis()
  const commands = await redis.commandsPerClaim()
  await redis.close()
  const endToEnd = await measureEndToEnd()
  const goals = [
    ...claims.flatMap(claimGoal),
    atMost(1, { name: 'Redis, commands a claim', measured: commands, unit: '' }),
    ...endToEnd.flatMap(endToEndGoal),
    atMost(0, {
      name: 'End to end, events that ran twice or were lost',
      measured: endToEnd.reduce((sum, { twice, lost }) => sum + twice + lost, 0),
      unit: '',
    }),
  ]
  return { goals, figures: { claims, commandsPerRedisClaim: commands, endToEnd } }
}

function claimGoal({ database, concurrency, ratio }: ClaimFigures): Goal[] {
  const wanted = WANTED[database]?.[concurrency]
  if (wanted === undefined) return []
  const name = `${database} claims, ${concurrency} at once`
  return [atLeast(wanted, { name, measured: ratio, unit: ' × a row a statement' })]
}

function endToEndGoal({ store, ratio }: EndToEndFigures): Goal[] {
  const wanted = WANTED_END_TO_END[store]
  if (wanted === undefined) return []
  return [atLeast(wanted, { name: `End to end on Express, ${store}`, measured: ratio, unit: ' of memory' })]
}

function tablesOf({ claims, endToEnd }: StoreFigures): Table[] {
  return [
    {
      title: 'Claims a second, ours and a row a statement',
      rows: [
        ['', 'at once', 'ours', 'p50 ms', 'p99 ms', 'singly', 'p50 ms', 'p99 ms', 'ratio', 'range'],
        ...claims.map(({ database, concurrency, ours, singly, ratio }) => [
          database,
          String(concurrency),
          ...[ours, singly].flatMap(({ perSecond, p50Ms, p99Ms }) => [
            perSecond.median.toFixed(0),
            p50Ms.toFixed(2),
            p99Ms.toFixed(2),
          ]),
          ratio.median.toFixed(2),
          rangeOf(ratio),
        ]),
      ],
    },
    {
      title: 'Express on each store, one delivery in ten a duplicate',
      rows: [
        ['', 'a second', 'of memory', 'range', 'events', 'ran twice', 'lost'],
        ...endToEnd.map(({ store, perSecond, ratio, events, twice, lost }) => [
          store,
          perSecond.median.toFixed(0),
          ratio.median.toFixed(2),
          rangeOf(ratio),
          ...[events, twice, lost].map(String),
        ]),
      ],
    },
  ]
}
