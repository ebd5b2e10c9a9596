import type { HeldClaim } from '../claim/held-claim.js'
import type { Delivery } from '../delivery/delivery.js'
import type { WithDefaults } from '../options/option-rules.js'
import type { RunListeners } from '../outcome/run-report.js'
import { FORMAT } from './entry-parts.js'
import type { JournalHandler, JournalWorker, WorkOptions } from './journal.js'
import type { JournalStore, TakenRow } from './journal-store.js'
import { type RunTools, runRow } from './run-row.js'

const POLL_MS = 1_000
/** Handlers that end within this time are replaced together. */
const GATHER_MS = 10
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
  /** When the timer goes off. */
  #lookAt = Number.POSITIVE_INFINITY
  #isStopped = false
  #isTaking = false
  #isAskedAgain = false
  /** The last look filled all places, so that others may be due. */
  #isMoreDue = false
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

  /** Looks for due entries now, e.g. because something was queued in this process. */
  look(): void {
    if (this.#isStopped) return
    if (this.#isTaking) {
      this.#isAskedAgain = true
      return
    }
    this.#stopTimer()
    void this.#take()
  }

  async stop({ withinMs = STOP_MS }: { readonly withinMs?: number | undefined } = {}): Promise<void> {
    this.#isStopped = true
    this.#stopTimer()
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

  /** Fills the free places with due entries, as far as there are any. */
  async #take(): Promise<void> {
    this.#isTaking = true
    this.#isAskedAgain = false
    try {
      const tools = await this.#tools()
      const limit = this.#terms.concurrency - this.#running.size
      const rows = limit > 0 && !this.#isStopped ? await this.#due(limit, tools) : []
      for (const row of rows) this.#run(row, tools)
      this.#isMoreDue = rows.length === limit || limit <= 0
    } catch (error) {
      this.#isMoreDue = false
      this.#terms.onError(error)
    }
    this.#isTaking = false
    if (this.#isAskedAgain && this.#running.size < this.#terms.concurrency) return this.look()
    this.#lookIn(POLL_MS)
    if (!this.#isMoreDue && this.#isIdle()) this.#tellIdle()
  }

  #due(limit: number, { namespace, sealer }: RunTools): Promise<readonly TakenRow[]> {
    const { leaseMs } = this.#terms
    return this.#rows.take({ namespace, limit, leaseMs, keyIds: sealer.keyIds, maxFormat: FORMAT })
  }

  /** Takes several at a time, because one for each handler that ends would be a statement for each. */
  #onEnded(): void {
    const running = this.#running.size
    const isHalfFree = 2 * running <= this.#terms.concurrency
    if (running === 0 || (this.#isMoreDue && isHalfFree)) this.look()
    else if (this.#isMoreDue) this.#lookIn(GATHER_MS)
  }

  #lookIn(ms: number): void {
    const at = performance.now() + ms
    if (this.#isStopped || at >= this.#lookAt) return
    this.#stopTimer()
    this.#lookAt = at
    this.#timer = setTimeout(() => this.look(), ms)
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#lookAt = Number.POSITIVE_INFINITY
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
        this.#onEnded()
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
