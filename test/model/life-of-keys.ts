import fc from 'fast-check'
import { Crash, Known, Pass, Purge, Send } from './commands.js'
import type { Site } from './store-under-test.js'
import { KEYS, type Order, VERBS, WORKERS, Workers } from './workers.js'

const order = fc.record<Order>({
  worker: fc.constantFrom(...WORKERS),
  verb: fc.oneof(fc.constant('claim' as const), fc.constantFrom(...VERBS)),
  key: fc.constantFrom(...KEYS),
  minutes: fc.integer({ min: 1, max: 4 }),
  isMixedUp: rarely(),
  isUnread: rarely(),
})

function rarely() {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })
}

/**
 * The property: whatever workers do with two keys, each answer is one that the contract allows.
 *
 * `seen` is told of each call and its answer, so that a test can tell that nothing was left out.
 */
export function lifeOfKeys(open: () => Site, seen: (what: string) => void = () => {}) {
  const turns = [
    fc.array(order, { minLength: 1, maxLength: 1 }).map((orders) => new Send(orders, seen)),
    fc.array(order, { minLength: 1, maxLength: 1 }).map((orders) => new Send(orders, seen)),
    fc.array(order, { minLength: 2, maxLength: 5 }).map((orders) => new Send(orders, seen)),
    fc.integer({ min: 1, max: 3 }).map((minutes) => new Pass(minutes)),
    fc.constantFrom(...WORKERS).map((worker) => new Crash(worker)),
    fc.constant(new Purge()),
  ]
  let runs = 0
  return fc.asyncProperty(fc.commands<Known, Workers, true>(turns, { maxCommands: 40, size: 'max' }), (commands) =>
    // Each run has keys of its own, so that a store need not be emptied.
    fc.asyncModelRun(() => ({ model: new Known(), real: new Workers(open(), `run ${++runs}`) }), commands),
  )
}
