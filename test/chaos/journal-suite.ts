import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildReceiver } from './build-receiver.js'
import { EVENTS } from './events.js'
import { POINTS } from './ledger.js'
import { between, seeded } from './random.js'
import { type Aftermath, runTrouble, SEED, type Trouble } from './run-trouble.js'
import type { StoreInDanger } from './setup.js'
import { total } from './summary.js'
import { expectNothingLost, expectRepeatedOnlyWhere } from './verdict.js'

/** Where the receivers find the client of SQLite, which has a binary and is not bundled. */
const TESTS = fileURLToPath(new URL('..', import.meta.url))

const TIMEOUT_MS = 180_000
const LIVES = 3

/** Three processes on one journal, in the troubles of the chaos suite, with handlers in the request and in workers. */
export function journalChaos(journal: StoreInDanger): void {
  let folder: string
  let runs = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(TESTS, 'tmp-chaos-'))
    await buildReceiver(folder)
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function run(trouble: Trouble) {
    const playground = await journal.open(trouble.isWithin)
    onTestFinished(async () => {
      await playground.close()
    })
    return runTrouble(trouble, playground, { folder, ledger: join(folder, `ledger-${++runs}`) })
  }

  /** Nothing acknowledged is missing from the journal, and nothing is left behind in it. */
  function expectJournaled(aftermath: Aftermath): void {
    expect(aftermath.handled).toBe(EVENTS)
  }

  function deaths(receiver: number) {
    const random = seeded(SEED)
    return Array.from({ length: LIVES }, (_, life) => ({
      point: POINTS[(receiver + life) % POINTS.length] ?? POINTS[0],
      passage: Math.ceil(between(random, 2, 10)),
    }))
  }

  describe.skipIf(journal.skip)(`${journal.name}, shared by three processes`, { timeout: TIMEOUT_MS }, () => {
    for (const mode of ['journal', 'work'] as const) {
      for (const isWithin of journal.hasTransactions ? [false, true] : [false]) {
        // The others take too long for every day; the weekly run has them.
        if (journal.hasTransactions && !isWithin && process.env.LONG_TESTS === undefined) continue
        const overtaken = isWithin ? 'failed' : 'lost'
        const how = `${mode === 'work' ? 'in workers' : 'in requests'}${isWithin ? ', in transactions' : ''}`

        it(`survives kill -9 at any point, with handlers ${how}`, async () => {
          const aftermath = await run({ mode, isWithin, leaseMs: 600, handlerMs: [5, 40], deaths })
          expect(total(aftermath.events, 'killed')).toBeGreaterThan(0)
          expectNothingLost(aftermath, isWithin)
          expectRepeatedOnlyWhere(aftermath, ['killed', overtaken, 'failed'])
          expectJournaled(aftermath)
        })
      }
    }
  })
}
