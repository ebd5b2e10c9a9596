import type { HeldClaim } from '../claim/held-claim.js'
import type { Delivery } from '../delivery/delivery.js'
import type { WithDefaults } from '../options/option-rules.js'
import type { RunListeners } from '../outcome/run-report.js'
import { FORMAT } from './entry-parts.js'
import type { JournalHandler, JournalWorker, WorkOptions } from './journal.js'
import type { JournalStore, TakenRow } from './journal-store.js'
import { type RunTools, runRow } from './run-row.js'

const POLL_MS = 1_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 3600_000
const STOP_MS = 30_000

export interface WorkTerms
  extends WithDefaults<Omit<WorkOptions, 'providers' | 'onOutcome' | 'observer'>>,
    RunListeners {
  readonly providers: WorkOptions['providers']
  readonly leaseMs: number
}

/** Takes due entries and runs the handler for them, until it is stopped. */
export class Worker implements JournalWorker {
  readonly #handler: JournalHandler<Delivery>
  readonly #terms: WorkTerms
  readonly #tools: () => Promise<RunTools>
  readonly #rows: JournalStore
  readonly #running = new Map<Promise<void>, HeldClaim | undefined>()
  readonly #onStopped: () => void
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #isTaking = false
  #isAskedAgain = false
  #waiting: (() => void)[] = []

  constructor(
    handler: JournalHandler<Delivery>,
    terms: WorkTerms,
    parts: { readonly rows: JournalStore; readonly tools: () => Promise<RunTools>; readonly onStopped: () => void },
  ) {
    this.#handler = handler
    this.#terms = terms
    this.#rows = parts.rows
    this.#tools = parts.tools
    this.#onStopped = parts.onStopped
    this.look()
  }

  /** Looks for due entries now: something was queued in this process, or a handler has ended. */
  look(): void {
    if (this.#isStopped) return
    if (this.#isTaking) {
      this.#isAskedAgain = true
      return
    }
    clearTimeout(this.#timer)
    void this.#takeAll()
  }

  async stop({ withinMs = STOP_MS }: { readonly withinMs?: number | undefined } = {}): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#onStopped()
    let timer: NodeJS.Timeout | undefined
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([Promise.all(this.#running.keys()), timeUp])
    clearTimeout(timer)
    for (const held of this.#running.values()) held?.abandon()
    this.#tellIdle()
  }

  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Takes until nothing is due, or until all places are filled. */
  async #takeAll(): Promise<void> {
    this.#isTaking = true
    this.#isAskedAgain = false
    let isMoreDue = false
    try {
      const tools = await this.#tools()
      const limit = this.#terms.concurrency - this.#running.size
      if (limit > 0 && !this.#isStopped) {
        const { namespace, sealer } = tools
        const { leaseMs } = this.#terms
        const rows = await this.#rows.take({ namespace, limit, leaseMs, keyIds: sealer.keyIds, maxFormat: FORMAT })
        for (const row of rows) this.#run(row, tools)
        isMoreDue = rows.length === limit
      }
    } catch (error) {
      this.#terms.onError(error)
    }
    this.#isTaking = false
    if (this.#isAskedAgain && !this.#isStopped && this.#running.size < this.#terms.concurrency) return this.look()
    if (!this.#isStopped) this.#timer = setTimeout(() => this.look(), POLL_MS)
    if (!isMoreDue && this.#isIdle()) this.#tellIdle()
  }

  #run(row: TakenRow, tools: RunTools): void {
    const { leaseMs, maxHandlerMs, providers, attempts, onOutcome, observer } = this.#terms
    const onFailure =
      row.runs >= attempts
        ? ({ state: 'dead', next: 'never' } as const)
        : ({ state: 'failed', next: { inMs: backoffMs(row.runs) } } as const)
    let claim: HeldClaim | undefined
    const onBegin = (held: HeldClaim) => {
      claim = held
    }
    const listeners = { onOutcome, observer }
    const terms = { source: 'retry', leaseMs, maxHandlerMs, providers, onFailure, onBegin, listeners } as const
    const run = runRow(row, this.#handler, terms, tools)
      .then(
        () => undefined,
        (error) => this.#terms.onError(error),
      )
      .finally(() => {
        this.#running.delete(run)
        this.look()
      })
    this.#running.set(run, claim)
  }

  #isIdle(): boolean {
    return this.#running.size === 0 && !this.#isTaking
  }

  #tellIdle(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** After the first run 1 s, then twice as long each time, at most an hour, give or take a quarter. */
export function backoffMs(runs: number): number {
  const ms = Math.min(FIRST_RETRY_MS * 2 ** (runs - 1), LONGEST_RETRY_MS)
  return Math.min(ms * (0.75 + Math.random() / 2), LONGEST_RETRY_MS)
}
