import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildReceiver } from './build-receiver.js'
import { POINTS } from './ledger.js'
import { between, seeded } from './random.js'
import { runTrouble, SEED, type Trouble } from './run-trouble.js'
import type { StoreInDanger } from './setup.js'
import { total } from './summary.js'
import { expectNothingLost, expectRepeatedOnlyWhere } from './verdict.js'

const LIVES = 4
const TIMEOUT_MS = 90_000

/**
 * Real processes in real trouble: three receivers on one store, each event delivered four times, in a random order, by
 * a provider that comes again until it is answered 2xx.
 *
 * A handler is repeated only where its event was not marked: its process was killed (`killed`), it was overtaken when
 * its lease had ended (`lost`), or it threw and gave the event back (`failed`). The effects of such a handler outside of its
 * database then happen twice, which no store can prevent. Its writes in a transaction with the mark do not.
 */
export function chaosSuite(store: StoreInDanger): void {
  let folder: string
  let runs = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-chaos-'))
    await buildReceiver(folder)
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function run(trouble: Trouble) {
    const playground = await store.open(trouble.isWithin)
    onTestFinished(async () => {
      await playground.close()
    })
    return runTrouble(trouble, playground, { folder, ledger: join(folder, `ledger-${++runs}`) })
  }

  function troubles(isWithin: boolean): void {
    // A machine that holds a process up for longer than its lease makes it one that stands still.
    const overtaken = isWithin ? 'failed' : 'lost'

    it('survives kill -9 in the handler, before the mark and before the answer', async () => {
      const random = seeded(SEED)
      const deaths = (receiver: number) =>
        Array.from({ length: LIVES }, (_, life) => ({
          point: POINTS[(receiver + life) % POINTS.length] ?? POINTS[0],
          passage: Math.ceil(between(random, 2, 10)),
        }))
      // A handler takes a tenth of its lease at the most, and the events of a dead process are soon free again.
      const aftermath = await run({ isWithin, leaseMs: 600, handlerMs: [5, 40], deaths })
      for (const point of POINTS) expect(aftermath.kills.get(point)).toBeGreaterThan(0)
      expectNothingLost(aftermath, isWithin)
      expectRepeatedOnlyWhere(aftermath, ['killed', overtaken])
    })

    it('survives processes that stand still for longer than a lease, and then go on', async () => {
      const leaseMs = 400
      const disturb: Trouble['disturb'] = async (receivers) => {
        for (const receiver of [...receivers, ...receivers]) {
          await pause(leaseMs / 4)
          receiver.stall()
          await pause(2 * leaseMs)
          receiver.resume()
        }
      }
      // Handlers that take long enough that each receiver surely holds some events when it is stopped.
      const aftermath = await run({ isWithin, leaseMs, handlerMs: [100, 200], disturb })
      expect(total(aftermath.events, overtaken)).toBeGreaterThan(0)
      expectNothingLost(aftermath, isWithin)
      expectRepeatedOnlyWhere(aftermath, [overtaken])
    })

    it('survives the loss of its server and of its connections', async () => {
      const disturb: Trouble['disturb'] = async (_receivers, server) => {
        for (const lostMs of [0, 800, 0, 300]) {
          await pause(600)
          await server.stop()
          await pause(lostMs)
          await server.start()
        }
      }
      // A mark that failed is tried again after each tenth of the lease, which is over long after the server is back.
      const aftermath = await run({ isWithin, leaseMs: 4_000, handlerMs: [5, 40], disturb })
      expect(total(aftermath.events, 'unavailable')).toBeGreaterThan(0)
      expectNothingLost(aftermath, isWithin)
      expectRepeatedOnlyWhere(aftermath, isWithin ? ['failed'] : [])
    })
  }

  describe.skipIf(store.skip)(`${store.name}, shared by three processes`, { timeout: TIMEOUT_MS }, () => {
    const isLong = process.env.LONG_TESTS !== undefined
    // Each trouble takes ten seconds: where there are transactions, the other way is for the weekly run.
    if (isLong || !store.hasTransactions) {
      describe('which mark an event when its handler has ended', () => troubles(false))
    }
    if (!store.hasTransactions) return
    describe('which mark an event in the transaction of its handler', () => troubles(true))
  })
}
