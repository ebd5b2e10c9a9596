import type { Journal, JournalChange, JournalEntry } from '@mailbox-hooks/core'
import type { Row } from '../api.js'
import type { RowMaker } from './row.js'

/** Changes that come together are read together. */
const GATHER_MS = 50
/** A database does not tell of changes. */
const POLL_MS = 1_000
const POLLED = 200

export type FeedListener = (rows: readonly Row[]) => void

/** Tells of new and changed rows, as long as anybody listens: without a page it costs nothing. */
export class Feed {
  readonly #journal: Journal
  readonly #rows: RowMaker
  readonly #listeners = new Set<FeedListener>()
  #end: (() => void) | undefined

  constructor(journal: Journal, rows: RowMaker) {
    this.#journal = journal
    this.#rows = rows
  }

  /** Returns a function that ends it. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    this.#end ??= this.#journal.watch === undefined ? this.#poll() : this.#watch(this.#journal.watch)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#end?.()
      this.#end = undefined
    }
  }

  #tell(rows: readonly Row[]): void {
    if (rows.length > 0) for (const listener of this.#listeners) listener(rows)
  }

  #watch(watch: NonNullable<Journal['watch']>): () => void {
    let changes = new Map<string, JournalChange>()
    let timer: NodeJS.Timeout | undefined
    const flush = async () => {
      const gathered = [...changes.values()]
      changes = new Map()
      timer = undefined
      const rows = await Promise.all(gathered.map((change) => this.#rowOf(change)))
      this.#tell(rows.filter((row) => row !== undefined))
    }
    const end = watch((change) => {
      changes.set(change.key, change)
      timer ??= setTimeout(() => void flush().catch(() => undefined), GATHER_MS).unref()
    })
    return () => {
      end()
      clearTimeout(timer)
    }
  }

  async #rowOf(change: JournalChange): Promise<Row | undefined> {
    if (change.kind === 'entry') {
      const entry = await change.read()
      return entry && this.#rows.ofEntry(entry)
    }
    const refusal = await change.read()
    return refusal && this.#rows.ofRefusal(refusal)
  }

  /** Looks at the newest each second. What changes further down is seen when it is opened. */
  #poll(): () => void {
    let known: Map<string, string> | undefined
    let isOver = false
    let timer: NodeJS.Timeout | undefined
    const look = async () => {
      const { entries } = await this.#journal.find({ limit: POLLED })
      const refusals = await this.#journal.refusals({ limit: POLLED })
      const now = new Map<string, string>()
      const changed: Promise<Row>[] = []
      const see = (key: string, version: string, row: () => Promise<Row>) => {
        now.set(key, version)
        if (known !== undefined && known.get(key) !== version) changed.push(row())
      }
      for (const entry of entries) see(`e:${entry.id}`, versionOf(entry), () => this.#rows.ofEntry(entry))
      for (const refusal of refusals) see(`r:${refusal.id}`, '', () => this.#rows.ofRefusal(refusal))
      known = now
      this.#tell(await Promise.all(changed))
    }
    const next = () => {
      if (isOver) return
      // A database that is away for a while is asked again.
      timer = setTimeout(() => look().then(next, next), POLL_MS).unref()
    }
    look().then(next, next)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }
}

const versionOf = ({ state, lastReceivedAt, attempts }: JournalEntry) =>
  `${state} ${lastReceivedAt.getTime()} ${attempts.at(-1)?.number} ${attempts.at(-1)?.at.getTime()}`
