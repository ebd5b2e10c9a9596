import { createReceiver, type Delivery, type Journal, openMail } from '@mailbox-hooks/core'
import { type JournalStore, TICKET_HEADER } from '@mailbox-hooks/core/journal'
import fc from 'fast-check'
import { expect } from 'vitest'
import { receive } from '../request.js'
import { durableJournal, mail } from './journaled.js'

/** The rows of a journal, and a way to let time pass for them. */
export interface RowsUnderTest {
  readonly rows: JournalStore
  advance(ms: number): Promise<void>
}

const ID = 'openmail:evt_1'
const LEASE_MS = 15_000
/** Leaves the other half of the lease for the real time that the test itself takes. */
const HALF_A_LEASE = LEASE_MS / 2

type Step =
  | { readonly kind: 'deliver' | 'ticket'; readonly end: 'handled' | 'failed' | 'later' }
  | { readonly kind: 'end'; readonly which: number; readonly end: 'handled' | 'failed' }
  | { readonly kind: 'work' | 'replay'; readonly end: 'handled' | 'failed' }
  | { readonly kind: 'die' }
  | { readonly kind: 'pass'; readonly ms: number }

const END = fc.constantFrom('handled' as const, 'failed' as const)

export const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('deliver' as const, 'ticket' as const),
      end: fc.oneof(END, fc.constant('later' as const)),
    }),
    fc.record({ kind: fc.constant('end' as const), which: fc.nat(3), end: END }),
    fc.record({ kind: fc.constantFrom('work' as const, 'replay' as const), end: END }),
    fc.record({ kind: fc.constant('die' as const) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(HALF_A_LEASE, LEASE_MS + 1, 600_000) }),
  ),
  { minLength: 1, maxLength: 14 },
)

/** A run whose handler has not ended. */
interface OpenRun {
  readonly endsLeaseAt: number
  readonly settle: (status: number) => Promise<unknown>
}

/**
 * Plays one event through random steps, and checks after each what must always hold:
 *
 * - two runs never hold the entry at once;
 * - a 2xx never goes out for an event that the journal does not hold as handled;
 * - what was handled by a run that held the entry is never run again, but by a replay;
 * - attempts are numbered one after the other.
 *
 * In the end, whatever happened, `work` brings an entry to its end that nobody has handled or given up.
 */
export async function playLife(under: RowsUnderTest, steps: readonly Step[]): Promise<void> {
  const life = new Life(under)
  for (const step of steps) await life.play(step)
  await life.finish()
}

class Life {
  readonly #under: RowsUnderTest
  readonly #journal: Journal
  readonly #receiver: ReturnType<typeof createReceiver>
  readonly #open: OpenRun[] = []
  /** When the leases of killed processes end. */
  readonly #orphaned: number[] = []
  #now = 0
  #isHandled = false
  #isKnown = false

  constructor(under: RowsUnderTest) {
    this.#under = under
    this.#journal = durableJournal(under.rows)
    this.#receiver = createReceiver({
      providers: [openMail({ secrets: ['key'] })],
      journal: this.#journal,
      leaseMs: LEASE_MS,
    })
  }

  async play(step: Step): Promise<void> {
    switch (step.kind) {
      case 'deliver':
        await this.#send(mail('evt_1'), step.end, false)
        break
      case 'ticket':
        if (!this.#isKnown) break
        await this.#send({ headers: { [TICKET_HEADER]: await this.#journal.ticket(ID) }, body: '' }, step.end, true)
        break
      case 'end':
        await this.#end(step.which, step.end)
        break
      case 'work':
        await this.#work(step.end)
        break
      case 'replay':
        await this.#journal.replay([ID], this.#handler(step.end, true))
        break
      case 'die':
        await this.#takeAndDie()
        break
      case 'pass':
        await this.#under.advance(step.ms)
        this.#now += step.ms
    }
    await this.#check()
  }

  async finish(): Promise<void> {
    await this.#under.advance(7_200_000)
    this.#now += 7_200_000
    await this.#work('handled')
    const entry = await this.#journal.entry(ID)
    if (this.#isKnown) expect(['handled', 'dead']).toContain(entry?.state)
  }

  async #send(sent: ReturnType<typeof mail>, end: 'handled' | 'failed' | 'later', isReplay: boolean): Promise<void> {
    const reception = await receive(this.#receiver, sent)
    if (reception.answer !== undefined) {
      if (reception.answer.status === 200) await this.#expectHandled()
      return
    }
    this.#begin(isReplay)
    this.#isKnown = true
    if (end === 'later') {
      this.#open.push({ endsLeaseAt: this.#now + LEASE_MS, settle: async (status) => reception.settle(status) })
      return
    }
    await reception.settle(end === 'handled' ? 200 : 500)
    if (end === 'handled') await this.#expectHandled()
  }

  /** A handler that was left open ends, whether its lease still holds or not. */
  async #end(which: number, end: 'handled' | 'failed'): Promise<void> {
    const [run] = this.#open.splice(which % Math.max(this.#open.length, 1), 1)
    if (run === undefined) return
    const wasHeld = run.endsLeaseAt > this.#now
    await run.settle(end === 'handled' ? 200 : 500)
    if (wasHeld && end === 'handled') await this.#expectHandled()
  }

  async #work(end: 'handled' | 'failed'): Promise<void> {
    const worker = this.#journal.work(this.#handler(end, false))
    await worker.idle()
    await worker.stop()
  }

  #handler(end: 'handled' | 'failed', isReplay: boolean) {
    return async (_delivery: Delivery) => {
      this.#begin(isReplay)
      if (end === 'failed') throw new Error('planted failure')
    }
  }

  /** A worker's process takes what is due and is killed. */
  async #takeAndDie(): Promise<void> {
    const keyIds = await this.#keyIds()
    const taken = await this.#under.rows.take({ namespace: '', limit: 5, leaseMs: LEASE_MS, keyIds, maxFormat: 1 })
    for (const _row of taken) {
      this.#begin(false)
      this.#orphaned.push(this.#now + LEASE_MS)
    }
  }

  async #keyIds(): Promise<string[]> {
    const rows = await this.#under.rows.find({ namespace: '', order: 'newest', limit: 5 })
    return rows.map(({ keyId }) => keyId)
  }

  /** A handler begins: nobody else may hold the entry, and what was handled runs again only by a replay. */
  #begin(isReplay: boolean): void {
    const leases = [...this.#open.map(({ endsLeaseAt }) => endsLeaseAt), ...this.#orphaned]
    expect(leases.filter((end) => end > this.#now)).toEqual([])
    if (!isReplay) expect(this.#isHandled).toBe(false)
  }

  async #expectHandled(): Promise<void> {
    expect((await this.#journal.entry(ID))?.state).toBe('handled')
  }

  async #check(): Promise<void> {
    const entry = await this.#journal.entry(ID)
    if (entry === undefined) return expect(this.#isKnown).toBe(false)
    // Once handled, it stays handled.
    if (this.#isHandled) expect(entry.state).toBe('handled')
    this.#isHandled = entry.state === 'handled'
    const numbers = entry.attempts.map(({ number }) => number)
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other))
  }
}
