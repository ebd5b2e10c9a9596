import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildReceiver } from './build-receiver.js'
import { EVENTS } from './events.js'
import { POINTS } from './ledger.js'
import { between, seeded } from './random.js'
import { type Aftermath, runTrouble, SEED, type Trouble } from './run-trouble.js'
import type { StoreInDanger } from './setup.js'
import { total } from './summary.js'
import { sendTickets } from './tickets.js'
import { expectNothingLost, expectRepeatedOnlyWhere } from './verdict.js'

/** Where the receivers find the client of SQLite, which has a binary and is not bundled. */
const TESTS = fileURLToPath(new URL('..', import.meta.url))

const TIMEOUT_MS = 180_000
const LIVES = 3

/** The troubles. Each takes half a minute, so that some are for the weekly run. */
type Theme = 'requests' | 'workers' | 'races' | 'deployment' | 'outage'

/**
 * Three processes on one journal, in the troubles of the chaos suite, with handlers in the request and in workers. `daily`
 * names the troubles that run without `LONG_TESTS`.
 */
export function journalChaos(journal: StoreInDanger, daily: readonly Theme[]): void {
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

  const isLong = process.env.LONG_TESTS !== undefined
  const itIn = (theme: Theme) => (isLong || daily.includes(theme) ? it : it.skip)
  const overtaken = (isWithin: boolean) => (isWithin ? 'failed' : 'lost')

  describe.skipIf(journal.skip)(`${journal.name}, shared by three processes`, { timeout: TIMEOUT_MS }, () => {
    for (const mode of ['journal', 'work'] as const) {
      for (const isWithin of journal.hasTransactions ? [false, true] : [false]) {
        if (journal.hasTransactions && !isWithin && !isLong) continue
        const how = `${mode === 'work' ? 'in workers' : 'in requests'}${isWithin ? ', in transactions' : ''}`

        itIn(mode === 'work' ? 'workers' : 'requests')(
          `survives kill -9 at any point, with handlers ${how}`,
          async () => {
            const aftermath = await run({ mode, isWithin, leaseMs: 600, handlerMs: [5, 40], deaths })
            expect(total(aftermath.events, 'killed')).toBeGreaterThan(0)
            expectNothingLost(aftermath, isWithin)
            expectRepeatedOnlyWhere(aftermath, ['killed', overtaken(isWithin), 'failed'])
            expectJournaled(aftermath)
          },
        )
      }
    }

    itIn('races')('handles each event once while retries, work, replays and tickets race for it', async () => {
      let tickets = 0
      const aftermath = await run({
        mode: 'journal',
        isWithin: false,
        leaseMs: 2_000,
        handlerMs: [2, 20],
        settingsOf: (receiver) => ({ failing: 0.5, replays: receiver === 0 }),
        disturb: async (receivers, _server, { rows }) => {
          tickets = await sendTickets(rows!, receivers, 5_000)
        },
      })
      expectNothingLost(aftermath, false)
      expectRepeatedOnlyWhere(aftermath, ['lost', 'failed'])
      expectJournaled(aftermath)
      expect(total(aftermath.events, 'failed')).toBeGreaterThan(0)
      expect(tickets).toBeGreaterThan(0)
    })

    itIn('deployment')('leaves nothing behind in a deployment of a new key and a new format', async () => {
      const aftermath = await run({
        mode: 'work',
        isWithin: false,
        leaseMs: 2_000,
        handlerMs: [2, 20],
        settingsOf: (receiver) => ({ deployed: receiver === 0 ? 'before' : 'after' }),
      })
      expectNothingLost(aftermath, false)
      expectRepeatedOnlyWhere(aftermath, ['lost'])
      expectJournaled(aftermath)
    })

    for (const lost of ['the journal', 'the store in front', 'both'] as const) {
      if (!journal.hasTransactions || (lost !== 'both' && !isLong)) continue
      itIn('outage')(
        `survives the loss of ${lost}, and acknowledges nothing meanwhile that it does not hold`,
        async () => {
          const aftermath = await run({
            mode: 'journal',
            isWithin: true,
            leaseMs: 4_000,
            handlerMs: [5, 40],
            settingsOf: () => ({ hasFront: true }),
            disturb: async (_receivers, server, { front }) => {
              const servers = { 'the journal': [server], 'the store in front': [front!], both: [server, front!] }[lost]
              for (const lostMs of [0, 800, 300]) {
                await pause(600)
                await Promise.all(servers.map((each) => each.stop()))
                await pause(lostMs)
                await Promise.all(servers.map((each) => each.start()))
              }
            },
          })
          expect(total(aftermath.events, 'unavailable')).toBeGreaterThan(0)
          expectNothingLost(aftermath, true)
          expectRepeatedOnlyWhere(aftermath, ['failed'])
          expectJournaled(aftermath)
        },
      )
    }
  })
}
