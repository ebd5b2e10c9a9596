import { handOffFailed } from '../errors.js'
import { readOptions } from '../options/option-rules.js'
import type { HandOff } from '../queue/hand-off.js'
import { checkSealingKeys } from '../queue/sealing-keys.js'
import { Timeouts } from '../timeouts.js'
import { queryTokens } from './about-index.js'
import { entryHash } from './entry-hash.js'
import { EntrySealer, ticketKeysOf } from './entry-sealer.js'
import { entryFinder } from './find-entries.js'
import { GuardedJournalStore } from './guarded-journal-store.js'
import type { Journal } from './journal.js'
import { JOURNAL_RULES, type JournalOptions } from './journal-options.js'
import type { JournalParts } from './journal-parts.js'
import type { JournalStore, WatchRows } from './journal-store.js'
import { refusalReader } from './keep-refusals.js'
import { KnownReceivers } from './known-receivers.js'
import { arrivalReader } from './read-arrivals.js'
import { receiverSteps } from './receiver-steps.js'
import { KNOWN_PROVIDERS, RECEIVER_STEPS, type RecordedJournal } from './recorded-journal.js'
import { queueDelivery, Recorder } from './recorder.js'
import { entryRunner } from './run-entries.js'
import { writeTicket } from './ticket.js'

/** The differences between kinds of journals. */
export interface JournalKind {
  /** The beginning of every message about its options, e.g. `sqliteJournal`. */
  readonly owner: string
  /** Whether the journal is durable, and so decides which events are handled. Default true. */
  readonly isDurable?: boolean | undefined
  /** The default number of kept refusals. Default 0. */
  readonly keepRefusals?: number | undefined
  /** Tells of every changed row, for `journal.watch`. Default: the journal has no `watch`. */
  readonly watch?: WatchRows | undefined
  /** Whether it stores nothing outside of this process: then nothing is sealed, and the keys sign tickets only. Default false. */
  readonly isInProcess?: boolean | undefined
}

/** For what runs handlers: receivers have a time of their own. */
const TIMEOUT_MS = 5_000

/**
 * Creates a journal over the rows of a database. `sqliteJournal` and the others use it; use it for your own database too.
 *
 * Throws a `TypeError` for a wrong option.
 *
 * @example
 * const journal = createJournal(myJournalStore(database), { sealingKeys }, { owner: 'myJournal' })
 */
export function createJournal(rows: JournalStore, options: JournalOptions, kind: JournalKind): Journal {
  const parts = partsOf(rows, options, kind)
  const { namespace, isDurable, keepMs, sealer } = parts
  const runner = entryRunner(parts)

  const queue: HandOff = async (delivery) => {
    if (queueDelivery(delivery, rows)) return
    throw handOffFailed('journal.handOff takes the deliveries of receivers that have the same journal as an option.')
  }
  const handOff = Object.assign(queue, { ping: () => rows.journalId() })

  const journal: RecordedJournal = {
    namespace,
    isDurable,
    keepMs,
    migrate: () => rows.migrate(),
    ...entryFinder(parts),
    replay: runner.replay,
    work: runner.work,
    ...refusalReader(parts),

    handOff,

    async erase(which) {
      if ('id' in which) return rows.erase({ namespace, hash: entryHash(which.id) })
      return rows.erase({ namespace, about: queryTokens(await sealer(), which.about) })
    },

    purge: ({ limit = 10_000 } = {}) => rows.purge({ namespace, keepMs, limit }),

    async ticket(id, { state } = {}) {
      const row = await rows.read(namespace, entryHash(id))
      if (row === undefined) throw new Error('The journal has no entry with this id.')
      if (state !== undefined && ![state].flat().includes(row.state)) throw new Error(`The entry is ${row.state} now.`)
      const [key] = parts.ticketKeys
      if (key === undefined)
        throw new TypeError(`${parts.owner}: a ticket needs sealingKeys, the first of which signs it`)
      const seconds = Math.floor(Date.now() / 1000)
      return writeTicket({ journalId: await rows.journalId(), id, attempts: row.attemptCount, seconds }, key)
    },

    ...arrivalReader(parts),

    [RECEIVER_STEPS](terms) {
      if (terms.providers !== undefined) parts.receivers.add(terms.providers)
      return receiverSteps(new Recorder({ ...parts, onQueued: runner.wake }, terms))
    },
    [KNOWN_PROVIDERS]: () => parts.receivers.providers,
  }
  return journal
}

function partsOf(rows: JournalStore, options: JournalOptions, kind: JournalKind): JournalParts {
  const { owner, isDurable = true, isInProcess = false } = kind
  const settings = readOptions<JournalOptions & { namespace: string; keepMs: number }>(owner, options, JOURNAL_RULES)
  // Check at start, not at the first delivery.
  const ticketKeys = ticketKeysOf(checkSealingKeys(owner, options))
  const { namespace, keepMs, refusals } = settings
  const timeouts = new Timeouts()

  let opening: Promise<EntrySealer> | undefined
  const sealing = isInProcess ? { plaintext: true } : options
  const open = async () => new EntrySealer(owner, sealing, await rows.journalId(), !isInProcess)
  /** Reads the journal's id, and tries again at each use until that succeeds. */
  const sealer = () => {
    opening ??= open().catch((error) => {
      opening = undefined
      throw error
    })
    return opening
  }
  return {
    owner,
    namespace,
    isDurable,
    isInProcess,
    keepMs,
    keepRefusals: refusals?.keep ?? kind.keepRefusals ?? 0,
    refusalsPerMinute: refusals?.perMinute ?? 10,
    rows,
    receivers: new KnownReceivers(),
    watch: kind.watch,
    guarded: new GuardedJournalStore(rows, TIMEOUT_MS, timeouts),
    timeouts,
    ticketKeys,
    sealer,
  }
}
