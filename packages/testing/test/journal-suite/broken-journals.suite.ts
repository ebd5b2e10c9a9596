import { type JournalStore, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { describe, expect } from 'vitest'
import { getCurrentTest } from 'vitest/suite'
import { journalSuite, type OpenJournal } from '../../src/suites.js'
import type { Mutant } from './mutant.js'
import { MUTANTS } from './mutants.js'
import { withTransactions } from './with-transactions.js'

// journal-suite.test.ts runs this file, and looks at which checks were skipped because they have found a broken store.

/** Runs the suite on a store that keeps the contract, which `breaking` replaces before each run of a check. */
function suiteOn(name: string, breaking: () => Mutant | undefined): void {
  let now = Date.UTC(2026, 0, 31, 12)
  let store: JournalStore
  let begin: OpenJournal['begin']
  const renew = () => {
    const reference = withTransactions(memoryJournalStore({ maxEntries: 100_000, now: () => now }))
    const right = reference.store
    begin = reference.begin
    const broken = breaking()?.breakStore(right) ?? {}
    store = new Proxy(right, {
      get: (_, method) => Reflect.get(broken, method) ?? (Reflect.get(right, method) as () => unknown)?.bind?.(right),
    })
  }
  // The suite holds one store. The store behind it changes with each run.
  const current = new Proxy({} as JournalStore, { get: (_, method) => Reflect.get(store, method) })
  journalSuite({
    name,
    open: async () => ({
      store: current,
      another: async () => current,
      begin: async () => begin!(),
      pass: async (ms) => {
        now += ms
      },
      clear: async () => renew(),
      close: async () => {},
    }),
  })
}

suiteOn('reference', () => undefined)

/** How many of the broken stores a check has seen. */
const seen = new Map<string, number>()

/** Gives each check one broken store after the other. Once it has found one, it is skipped, with its other repetitions. */
function nextMutant(): Mutant | undefined {
  const test = getCurrentTest()
  if (test?.type === 'test' && (test.result?.errors ?? []).length > 0) test.context.skip()
  const check = expect.getState().currentTestName ?? ''
  const index = seen.get(check) ?? 0
  seen.set(check, index + 1)
  return inOrderFor(check)[index]
}

/** A check most likely finds what is wrong with the method that its block is named after. */
function inOrderFor(check: string): readonly Mutant[] {
  const isLikely = ({ method }: Mutant) => check.split(' > ').some((part) => part.startsWith(method))
  return [...MUTANTS.filter(isLikely), ...MUTANTS.filter((mutant) => !isLikely(mutant))]
}

describe('broken', { repeats: MUTANTS.length - 1 }, () => suiteOn('broken', nextMutant))
