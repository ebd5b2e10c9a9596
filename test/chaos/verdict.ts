import { expect } from 'vitest'
import { DUPLICATES, EVENTS } from './events.js'
import type { Aftermath } from './run-trouble.js'
import type { EventTally } from './summary.js'

/** Every delivery was acknowledged in the end, and every event was handled and is marked once. */
export function expectNothingLost({ events, acknowledged }: Aftermath, isWithin: boolean): void {
  expect(events.size).toBe(EVENTS)
  const wrong = [...events].filter(
    ([id, { effect, marked }]) =>
      acknowledged.get(id) !== DUPLICATES || effect < 1 || marked > 1 || (isWithin && effect > 1),
  )
  expect(wrong).toEqual([])
}

/** No handler was run once more than one of these things has happened to its event. */
export function expectRepeatedOnlyWhere({ events }: Aftermath, causes: readonly (keyof EventTally)[]): void {
  const repeated = [...events].filter(([, event]) => {
    const excused = causes.reduce((sum, cause) => sum + event[cause], 0)
    return event.run > 1 + excused || event.effect > event.run
  })
  expect(repeated).toEqual([])
}
