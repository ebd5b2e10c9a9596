import type { Part } from '../measure/part.js'
import type { Table } from '../measure/table.js'
import { byConnections } from './by-connections.js'
import { byEntries } from './by-entries.js'
import { type Curve, growthOf } from './curve.js'
import { byAccounts, byBodySize, byHandledEvents } from './in-process.js'

/** What a delivery costs, as bodies, accounts, handled events, entries and connections grow. */
export const growth: Part<readonly Curve[]> = { measure, tablesOf }

async function measure() {
  const figures = [
    await byBodySize(),
    await byAccounts(),
    await byHandledEvents(),
    ...(await byEntries()),
    await byConnections(),
  ]
  return { goals: [], figures }
}

function tablesOf(figures: readonly Curve[]): Table[] {
  return [
    {
      title: 'A delivery, in microseconds',
      rows: [
        ['', 'from the least', 'to the most', 'times as much'],
        ...figures.map((curve) => {
          const [first, last] = [curve.points[0]!, curve.points.at(-1)!]
          return [
            curve.title,
            `${first.label}: ${first.micros.toFixed(1)}`,
            `${last.label}: ${last.micros.toFixed(1)}`,
            growthOf(curve).toFixed(2),
          ]
        }),
      ],
    },
  ]
}
