import { bodyMemoryMs } from '../claim/body-memory.js'
import type { DeliveryOf } from '../delivery/delivery.js'
import type { Journal } from '../journal/journal.js'
import { isRecordedJournal, type RecordedJournal } from '../journal/recorded-journal.js'
import { checkedClock } from '../options/checked-clock.js'
import {
  ABOVE_0,
  ANYTHING,
  CLOCK,
  FUNCTION,
  oneOf,
  optional,
  type Rule,
  readOptions,
  TEXT,
  WHOLE,
  type WithDefaults,
  withDefault,
  YES_OR_NO,
} from '../options/option-rules.js'
import type { DeliveryObserver } from '../outcome/observer.js'
import type { OutcomeListener } from '../outcome/outcome.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { DedupStore } from '../stores/dedup-store.js'
import { memoryStore } from '../stores/memory/memory-store.js'

/** The options of `webhooks`, the same in every adapter. */
export interface ReceiverOptions<Providers extends readonly Provider[] = readonly Provider[]> {
  /**
   * Lists the providers that may send to this receiver. A request is tried against each provider whose signature header
   * it has. The first that verifies wins.
   */
  readonly providers: Providers
  /**
   * Stores each event with its attempts. A durable journal (`sqliteJournal`, `postgresJournal`, `mysqlJournal`) also
   * deduplicates, and needs no store. Default none.
   */
  readonly journal?: Journal | undefined
  /** Sets how long to wait for the journal before answering 503, in milliseconds. Default 3,000. */
  readonly journalTimeoutMs?: number | undefined
  /** Remembers handled events. Default `memoryStore()`, which covers this process only and forgets when it ends. */
  readonly store?: DedupStore | undefined
  /** Separates applications and environments that share a store. Default `''`. */
  readonly namespace?: string | undefined
  /** Limits the size of a body, in bytes. Default 5,000,000. */
  readonly limitBytes?: number | undefined
  /**
   * Sets how long a handled event is remembered, in milliseconds. Default 7 days. An event without a native id is
   * remembered only while the provider retries and its request stays within the window of time, because the same body
   * may later be a new event.
   */
  readonly retentionMs?: number | undefined
  /**
   * Sets how long a claim survives a dead process, in milliseconds. Default 15,000. While the handler runs, the lease is
   * extended each third of this time.
   */
  readonly leaseMs?: number | undefined
  /**
   * Sets how long a handler may run before its event may be handled again, in milliseconds. The default is below each
   * provider's last retry: Cold Mail Reseller 240,000, OpenMail 200,000, InboxKit 60,000.
   */
  readonly maxHandlerMs?: number | undefined
  /** Sets how long to wait for the store before answering 503, in milliseconds. Default 3,000. */
  readonly storeTimeoutMs?: number | undefined
  /**
   * Decides about an authentic payload that does not match its schema. `'reject'` refuses it. `'deliver'` passes it to
   * the handler, as `unknown` with its `issues`. Default `'reject'`.
   */
  readonly invalid?: 'reject' | 'deliver' | undefined
  /** Remembers the newest handled event of each entity, and sets `delivery.stale`. Default false. */
  readonly ordering?: boolean | undefined
  /**
   * Runs the handler without a claim while the store is down, so an event may be handled twice. Default false: such
   * deliveries get a 503.
   */
  readonly handleWhenStoreIsDown?: boolean | undefined
  /**
   * Puts each delivery into a queue, for a worker. The answer is 200 as soon as the queue has it, and no handler runs in
   * this process. Default none. `bullmqHandOff` and `pgBossHandOff` make one.
   */
  readonly handOff?: HandOff<DeliveryOf<Providers[number]>> | undefined
  /** Sets how long to wait for the queue before answering 503, in milliseconds. Default 5,000. */
  readonly handOffTimeoutMs?: number | undefined
  /** Returns the current time, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /**
   * Receives the outcome of each delivery, once, and the framework's request. It is not awaited, and its errors and
   * rejections are ignored.
   */
  readonly onOutcome?: OutcomeListener | undefined
  /** Follows each delivery step by step, e.g. `traceDeliveries()` of `@mailbox-hooks/opentelemetry`. Default none. */
  readonly observer?: DeliveryObserver | undefined
}

/** The options without a default. */
type Unset = 'maxHandlerMs' | 'journal' | 'handOff' | 'onOutcome' | 'observer'

/** The options as the receiver reads them. */
export type Settings = WithDefaults<Omit<ReceiverOptions, Unset | 'store'>> &
  Omit<Pick<ReceiverOptions, Unset>, 'journal'> & {
    /** Undefined where a durable journal decides alone. */
    readonly store: DedupStore | undefined
    readonly journal: RecordedJournal | undefined
  }

const DAY_MS = 24 * 3600_000

const RULES: Readonly<Record<keyof Settings, Rule>> = {
  providers: [
    'a list with at least one provider, made by coldMailReseller(), inboxKit(), openMail() or defineProvider()',
    (value) => Array.isArray(value) && value.length > 0 && value.every((provider) => provider?.examine),
  ],
  journal: optional(['a journal, e.g. sqliteJournal(database, options) or memoryJournal()', isRecordedJournal]),
  journalTimeoutMs: withDefault(ABOVE_0, 3_000),
  store: ANYTHING,
  namespace: withDefault(TEXT, ''),
  limitBytes: withDefault(WHOLE, 5_000_000),
  retentionMs: withDefault(ABOVE_0, 7 * DAY_MS),
  leaseMs: withDefault(ABOVE_0, 15_000),
  maxHandlerMs: optional(ABOVE_0),
  storeTimeoutMs: withDefault(ABOVE_0, 3_000),
  invalid: withDefault(oneOf('reject', 'deliver'), 'reject'),
  ordering: withDefault(YES_OR_NO, false),
  handleWhenStoreIsDown: withDefault(YES_OR_NO, false),
  handOff: optional(FUNCTION),
  handOffTimeoutMs: withDefault(ABOVE_0, 5_000),
  now: CLOCK,
  onOutcome: optional(FUNCTION),
  observer: optional([
    'an object with a method begin, e.g. traceDeliveries()',
    (value) => typeof (value as Partial<DeliveryObserver> | null)?.begin === 'function',
  ]),
}

/** Returns the options with their defaults. Throws a `TypeError` for a wrong one, with a message that says what to change. */
export function checkOptions(options: ReceiverOptions): Settings {
  // A framework passes a request if the user mounted `webhooks` itself instead of `webhooks(options)`.
  const { headers, req } = Object(options)
  if (headers || req) {
    throw new TypeError('webhooks: this is a request. Call it at start: app.post(path, webhooks(options), handler)')
  }
  const { store: given, ...others } = readOptions<Settings>('webhooks', options, RULES)
  const store = given === undefined && !others.journal?.isDurable ? defaultStore() : given
  const settings = { ...others, store, now: checkedClock('webhooks', others.now) }
  if (store !== undefined) checkStore(store, settings)
  checkJournal(settings)
  checkProviders(settings.providers)
  for (const provider of settings.providers) checkLists(settings, provider)
  for (const provider of settings.providers) checkAgainstRetries(settings, provider)
  return settings
}

function checkStore(store: DedupStore, { ordering, handOff }: Settings): void {
  for (const name of ['claim', 'complete', 'release', 'extend'] as const) {
    if (typeof store?.[name] !== 'function') {
      throw new TypeError(`webhooks: store has no method ${name}; pass memoryStore(), redisStore(client), …`)
    }
  }
  if (ordering && !store.position) throw new TypeError('webhooks: ordering needs a store with a method position')
  if (handOff?.isTransactional && !store.isDone) {
    throw new TypeError('webhooks: handOff needs a store that can join its transaction, e.g. postgresStore(pool)')
  }
}

function checkJournal({ journal, namespace, providers }: Settings): void {
  if (journal === undefined) return
  if (journal.namespace !== namespace) {
    throw new TypeError(
      `webhooks: the namespace is '${namespace}' and that of the journal '${journal.namespace}'; give both the same`,
    )
  }
  for (const provider of providers) {
    const { name } = provider
    const windowMs = bodyMemoryMs(provider)
    if (journal.keepMs >= windowMs) continue
    throw new TypeError(
      `webhooks: the journal's keepMs (${journal.keepMs}) must be at least as long as an event of ${name} can come again ` +
        `(${windowMs}), or it is handled a second time`,
    )
  }
}

function checkProviders(providers: readonly Provider[]): void {
  const owners = new Set<string>()
  for (const provider of providers) {
    const owner = JSON.stringify([provider.name, provider.account])
    if (owners.has(owner)) {
      throw new TypeError(
        `webhooks: ${provider.name} is listed twice. For several secrets of one account list them in its secrets; ` +
          'for several accounts give each an account name',
      )
    }
    owners.add(owner)
  }
  for (const [index, provider] of providers.entries()) checkAgainstOthers(provider, providers.slice(0, index))
}

/** A captured request of one would verify for the other, under whose name it is a new event. */
function checkAgainstOthers(provider: Provider, others: readonly Provider[]): void {
  const marks = new Set(provider.secretMarks)
  const other = others.find(({ secretMarks = [] }) => secretMarks.some((mark) => marks.has(mark)))
  if (other === undefined) return
  throw new TypeError(
    `webhooks: ${titleOf(other)} and ${titleOf(provider)} have a secret in common: a delivery of one would be taken ` +
      'for one of the other. Give each its own',
  )
}

const titleOf = ({ name, account }: Provider) => (account === undefined ? name : `${name} (account ${account})`)

/** One request runs one handler, and its answer is that of one event. */
function checkLists({ handOff }: Settings, { name, takesLists }: Provider): void {
  if (!takesLists || handOff !== undefined) return
  throw new TypeError(
    `webhooks: ${name} sends several events in one request, so they must be queued: pass handOff, e.g. bullmqHandOff(queue)`,
  )
}

function checkAgainstRetries({ leaseMs, retentionMs }: Settings, { name, retries, windowMs }: Provider): void {
  if (leaseMs >= retries.spanMs) {
    throw new TypeError(
      `webhooks: leaseMs (${leaseMs}) must be shorter than ${name} keeps retrying (${retries.spanMs}), ` +
        'or the event of a process that died is never handled',
    )
  }
  if (retentionMs < retries.spanMs) {
    throw new TypeError(
      `webhooks: retentionMs (${retentionMs}) must be at least as long as ${name} keeps retrying (${retries.spanMs}), ` +
        'or a late retry is handled a second time',
    )
  }
  if (retentionMs < windowMs) {
    throw new TypeError(
      `webhooks: retentionMs (${retentionMs}) must be at least as long as a delivery of ${name} is taken, which is ` +
        `maxAgeSeconds + maxAheadSeconds (${windowMs}), or a captured one is handled a second time`,
    )
  }
}

let hasWarned = false

function defaultStore(): DedupStore {
  if (process.env.NODE_ENV === 'production' && !hasWarned) {
    hasWarned = true
    process.emitWarning(
      'mailbox-hooks remembers handled events in this process only: after a restart, or in another process, an event ' +
        'can be handled again. Pass a store that lasts, e.g. redisStore(client), or memoryStore() if that is what you want.',
      { code: 'MAILBOX_HOOKS_MEMORY_STORE' },
    )
  }
  return memoryStore()
}
