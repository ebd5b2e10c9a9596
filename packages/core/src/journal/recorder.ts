import { randomUUID } from 'node:crypto'
import type { Provider } from '../providers/provider.js'
import { SealError } from '../queue/sealer.js'
import type { WebhookRequest } from '../request/webhook-request.js'
import type { Timeouts } from '../timeouts.js'
import { ArrivalRecord } from './arrival.js'
import type { ArrivedEvent } from './arrived-event.js'
import { entryHash } from './entry-hash.js'
import { FORMAT } from './entry-parts.js'
import { EntryRun } from './entry-run.js'
import type { EntrySealer } from './entry-sealer.js'
import { GuardedJournalStore } from './guarded-journal-store.js'
import { isStale } from './is-stale.js'
import type { JournalParts } from './journal-parts.js'
import type { Begun, FullRow, JournalStore, NewAttempt, NewEntry, RerunBegun, TakenRow } from './journal-store.js'
import { type BeginTerms, newEntry } from './new-entry.js'
import { RefusalBook } from './refusal-book.js'
import { afterFailedReplay } from './replay.js'

/** The result of a delivered event in the journal. */
export type Recorded =
  | { readonly status: 'begun'; readonly run: EntryRun; readonly id: string }
  | Exclude<Begun, { status: 'begun' } | { status: 'outlived' }>

/** The result of a ticket. */
export type Rerunning =
  | { readonly status: 'begun'; readonly run: EntryRun; readonly row: TakenRow; readonly sealer: EntrySealer }
  | Exclude<RerunBegun, { status: 'begun' }>

interface RecorderParts
  extends Pick<
    JournalParts,
    'rows' | 'sealer' | 'ticketKeys' | 'namespace' | 'keepRefusals' | 'refusalsPerMinute' | 'isDurable' | 'isInProcess'
  > {
  /** Called when an event was queued here. */
  readonly onQueued: () => void
}

/** The runs of deliveries that a hand-off may queue, with the rows that hold them. */
const runs = new WeakMap<object, { readonly run: EntryRun; readonly rows: JournalStore }>()

/** Makes the success of a delivery's run put it into the queue of its journal. False for a delivery of another journal. */
export function queueDelivery(delivery: object, rows: JournalStore): boolean {
  const known = runs.get(delivery)
  if (known === undefined || known.rows !== rows) return false
  known.run.succeedAs('queued', { inMs: 0 })
  return true
}

/** Writes into a journal what a receiver gets. */
export class Recorder {
  readonly #parts: RecorderParts
  readonly #store: GuardedJournalStore
  readonly refusals: RefusalBook

  constructor(parts: RecorderParts, { timeoutMs, timeouts }: { timeoutMs: number; timeouts: Timeouts }) {
    this.#parts = parts
    this.#store = new GuardedJournalStore(parts.rows, parts.isInProcess ? undefined : timeoutMs, timeouts)
    this.refusals = new RefusalBook(parts)
  }

  get isDurable(): boolean {
    return this.#parts.isDurable
  }

  /** Begins a run of an event, or says what the journal knows of it. Rejects with `journal_unavailable`. */
  async begin(arrived: ArrivedEvent, as: NewEntry['as'], leaseMs: number): Promise<Recorded> {
    const sealer = await this.#store.ready(this.#parts.sealer)
    const first = await this.#begin(sealer, { arrived, as, leaseMs, id: arrived.key, generation: 0 })
    if (first.status !== 'outlived') return first
    const id = `${arrived.key}~${arrived.receivedAtMs}`
    const second = await this.#begin(sealer, { arrived, as, leaseMs, id, generation: first.generation + 1 })
    // Outlived once more: another delivery of the same body was faster, and its entry is new.
    return second.status === 'outlived' ? { status: 'in-flight', retryAfterMs: 1_000 } : second
  }

  async #begin(
    sealer: EntrySealer,
    { arrived, as, leaseMs, id, generation }: BeginTerms,
  ): Promise<Recorded | Extract<Begun, { status: 'outlived' }>> {
    const entry = newEntry(sealer, this.#parts.namespace, { arrived, as, leaseMs, id, generation })
    const begun = await this.#store.begin(entry, { state: 'failed', next: 'after-provider' })
    if (begun.status !== 'begun') return begun
    const { namespace, keyHash, token } = entry
    const { hash, number } = begun
    const onFailure = { state: 'failed', next: 'after-provider' } as const
    const { record } = arrived
    const run = { namespace, keyHash, hash, token, number, source: 'provider', onFailure, record } as const
    return { status: 'begun', run: new EntryRun(this.#store, run), id }
  }

  /** Begins to collect how a request arrived. Undefined for a durable journal, which has no room for it. */
  record(request: WebhookRequest): ArrivalRecord | undefined {
    return this.#parts.isDurable ? undefined : new ArrivalRecord(request)
  }

  /** The keys that verify tickets. */
  get ticketKeys(): readonly Uint8Array[] {
    return this.#parts.ticketKeys
  }

  /** Returns the journal's id. Rejects with `journal_unavailable`. */
  journalId(): Promise<string> {
    return this.#store.ready(() => this.#parts.rows.journalId())
  }

  /** Resolves if the journal answers. */
  ping(): Promise<unknown> {
    return this.#parts.rows.journalId()
  }

  /** Returns when the newest event of a provider came first, in milliseconds since 1970. */
  async lastReceivedAt({ name, account }: Pick<Provider, 'name' | 'account'>): Promise<number | undefined> {
    const { namespace, rows } = this.#parts
    const [newest] = await rows.find({ namespace, provider: name, account, order: 'newest', limit: 1 })
    return newest?.firstReceivedAt
  }

  /** Returns a stored entry. Rejects with `journal_unavailable`. */
  read(id: string): Promise<FullRow | undefined> {
    return this.#store.ready(() => this.#parts.rows.read(this.#parts.namespace, entryHash(id)))
  }

  /** Begins a run of an entry by a ticket that was made when it had so many attempts. */
  async rerun(id: string, ifAttempts: number, leaseMs: number): Promise<Rerunning> {
    const { namespace, rows } = this.#parts
    const sealer = await this.#store.ready(this.#parts.sealer)
    const [hash, token] = [entryHash(id), randomUUID()]
    const { keyIds } = sealer
    const begun = await this.#store.ready(() =>
      rows.rerun({ namespace, hash, token, leaseMs, keyIds, maxFormat: FORMAT, ifAttempts }),
    )
    if (begun.status !== 'begun') return begun
    const { row } = begun
    const { keyHash, number } = row
    const onFailure = afterFailedReplay(row)
    const run = new EntryRun(this.#store, { namespace, keyHash, hash, token, number, source: 'replay', onFailure })
    return { status: 'begun', run, row, sealer }
  }

  /**
   * Begins a run of an entry whose event a worker got from a queue. Undefined where there is no such entry, because the
   * receiver had no journal, or it was purged.
   */
  async beginJob(id: string, leaseMs: number): Promise<EntryRun | 'handled' | 'in-flight' | undefined> {
    const { namespace, rows } = this.#parts
    const sealer = await this.#store.ready(this.#parts.sealer)
    const [hash, token] = [entryHash(id), randomUUID()]
    const known = await this.#store.ready(() => rows.read(namespace, hash))
    if (known === undefined) return undefined
    if (known.state === 'handled') return 'handled'
    const rerun = { namespace, hash, token, leaseMs, keyIds: sealer.keyIds, maxFormat: FORMAT }
    const begun = await this.#store.ready(() => rows.rerun(rerun))
    if (begun.status === 'in-flight') return 'in-flight'
    if (begun.status === 'sealed') throw new SealError(`The journal's entry is sealed with the key "${begun.keyId}".`)
    if (begun.status !== 'begun') return undefined
    const { keyHash, number, was } = begun.row
    // Handled since it was read.
    if (was === 'handled') {
      await this.#store.finish(hash, token, { state: 'handled', next: 'never' })
      return 'handled'
    }
    const onFailure = { state: 'failed', next: 'never' } as const
    return new EntryRun(this.#store, { namespace, keyHash, hash, token, number, source: 'retry', onFailure })
  }

  /** Notifies the workers of this process of a queued event. */
  wake(): void {
    this.#parts.onQueued()
  }

  /** Lets `journal.handOff` queue the delivery. */
  offer(delivery: object, run: EntryRun): void {
    runs.set(delivery, { run, rows: this.#parts.rows })
  }

  /** Notes a delivery that began no run. Never rejects, and is not waited for. */
  note(
    key: string,
    attempt: Pick<NewAttempt, 'kind' | 'status' | 'code' | 'durationMs' | 'record'>,
    error: { readonly name: string; readonly message: string } | undefined,
  ): void {
    const entry = { namespace: this.#parts.namespace, keyHash: entryHash(key) }
    const noted = async () => {
      const sealed = error === undefined ? { error, keyId: '' } : await this.sealError(key, error)
      await this.#store.note(entry, { ...attempt, source: 'provider', ...sealed })
    }
    noted().catch(() => undefined)
  }

  /** Whether a newer event about the same entity has been handled. Rejects with `journal_unavailable`. */
  async isStale({ provider, entity, occurredAtMs }: Pick<ArrivedEvent, 'provider' | 'entity' | 'occurredAtMs'>) {
    const sealer = await this.#store.ready(this.#parts.sealer)
    const { rows, namespace } = this.#parts
    const place = { provider: provider.name, account: provider.account, entity, occurredAtMs }
    return this.#store.ready(() => isStale({ rows, namespace, sealer }, place))
  }

  /** Seals an error for an attempt of the entry with this id. */
  async sealError(
    id: string,
    error: { name: string; message: string },
  ): Promise<{ readonly error: Uint8Array; readonly keyId: string }> {
    const sealer = await this.#parts.sealer()
    const bytes = Buffer.from(JSON.stringify(error))
    return { error: sealer.seal('error', entryHash(id), bytes), keyId: sealer.keyId }
  }
}
