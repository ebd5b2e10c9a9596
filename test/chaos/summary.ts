import type { Entry, Point } from './ledger.js'

const NOTHING = { run: 0, effect: 0, failed: 0, marked: 0, lost: 0, unknown: 0, unavailable: 0, killed: 0 }

/** How often it happened to an event; `killed` counts the processes that were killed while they held it. */
export type EventTally = Record<keyof typeof NOTHING, number>

export interface Tally {
  readonly events: ReadonlyMap<string, EventTally>
  readonly kills: ReadonlyMap<Point, number>
}

/** Counts by event. `orders`, where there are some, are the effects. */
export function tally(entries: readonly Entry[], orders: ReadonlyMap<string, number> = new Map()): Tally {
  const events = new Map<string, EventTally>()
  const kills = new Map<Point, number>()

  const count = (id: string, what: keyof EventTally, times = 1) => {
    const event = events.get(id) ?? { ...NOTHING }
    event[what] += times
    events.set(id, event)
  }

  for (const entry of entries) {
    if (entry.what !== 'killed') {
      count(entry.id, entry.what)
      continue
    }
    kills.set(entry.point, (kills.get(entry.point) ?? 0) + 1)
    for (const id of entry.holding) count(id, 'killed')
  }
  for (const [id, times] of orders) count(id, 'effect', times)
  return { events, kills }
}

export function total(events: Tally['events'], what: keyof EventTally): number {
  return [...events.values()].reduce((sum, event) => sum + event[what], 0)
}
