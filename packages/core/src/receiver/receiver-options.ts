import type { DeliveryOf } from '../delivery/delivery.js'
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
import type { Outcome } from '../outcome/outcome.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { DedupStore } from '../stores/dedup-store.js'
import { memoryStore } from '../stores/memory/memory-store.js'

/** What `webhooks` takes, in every adapter. */
export interface ReceiverOptions<Providers extends readonly Provider[] = readonly Provider[]> {
  /** Whose deliveries are received here. A request is tried against each whose headers it has; the first that verifies wins. */
  readonly providers: Providers
  /** Where handled events are remembered. Default `memoryStore()`: of this process alone, forgotten when it ends. */
  readonly store?: DedupStore | undefined
  /** Separates applications and environments that share a store. Default `''`. */
  readonly namespace?: string | undefined
  /** The largest body, in bytes. Default 5,000,000. */
  readonly limitBytes?: number | undefined
  /**
   * How long a handled event is remembered, in milliseconds. Default 7 days. An event without an id of its own is
   * known by its body, which may rightly come again, and is remembered only while the provider retries.
   */
  readonly retentionMs?: number | undefined
  /**
   * How long a claim outlives a process that died, in milliseconds. Default 15,000. It is extended at a third of this
   * while the handler runs.
   */
  readonly leaseMs?: number | undefined
  /**
   * How long a handler may run before its event may be handled again, in milliseconds. Default below each provider's
   * last retry: Cold Mail Reseller 240,000, OpenMail 200,000, InboxKit 60,000.
   */
  readonly maxHandlerMs?: number | undefined
  /** How long to wait for the store, in milliseconds, before answering 503. Default 3,000. */
  readonly storeTimeoutMs?: number | undefined
  /**
   * What to do with an authentic payload that does not fit the schema of its type: `'reject'` (the default) refuses it,
   * `'deliver'` hands it over as `unknown` with its `issues`.
   */
  readonly invalid?: 'reject' | 'deliver' | undefined
  /** Remember the newest handled event of each entity, and tell by `delivery.stale` when an older one comes. Default false. */
  readonly ordering?: boolean | undefined
  /** Run the handler without a claim when the store is down: events may then be handled twice. Default false: 503. */
  readonly handleWhenStoreIsDown?: boolean | undefined
  /**
   * Puts each delivery into a queue, to be handled by a worker: the sender is answered 200 as soon as the queue has it,
   * and no handler runs here. Default none. `bullmqHandOff` and `pgBossHandOff` make one.
   */
  readonly handOff?: HandOff<DeliveryOf<Providers[number]>> | undefined
  /** How long to wait for the queue, in milliseconds, before answering 503. Default 5,000. */
  readonly handOffTimeoutMs?: number | undefined
  /** The clock against which deliveries are judged, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Called once for each delivery, whatever became of it. Not awaited; what it throws or rejects with is ignored. */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined
  /** Follows each delivery step by step, e.g. `traceDeliveries()` of `@mailbox-hooks/opentelemetry`. Default none. */
  readonly observer?: DeliveryObserver | undefined
}

/** What may be left out without anything in its place. */
type Unset = 'maxHandlerMs' | 'handOff' | 'onOutcome' | 'observer'

/** The options as the receiver reads them. */
export type Settings = WithDefaults<Omit<ReceiverOptions, Unset>> & Pick<ReceiverOptions, Unset>

const DAY_MS = 24 * 3600_000

const RULES: Readonly<Record<keyof Settings, Rule>> = {
  providers: [
    'a list with at least one provider, made by coldMailReseller(), inboxKit(), openMail() or defineProvider()',
    (value) => Array.isArray(value) && value.length > 0 && value.every((provider) => provider?.examine),
  ],
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

/** The options with their defaults; throws a `TypeError` that says what to do about one that cannot work. */
export function checkOptions(options: ReceiverOptions): Settings {
  // What a framework hands to middleware that was not made yet.
  const { headers, req } = Object(options)
  if (headers || req) {
    throw new TypeError('webhooks: this is a request. Call it at start: app.post(path, webhooks(options), handler)')
  }
  const { store = defaultStore(), ...others } = readOptions<Settings>('webhooks', options, RULES)
  const settings = { ...others, store, now: checkedClock(others.now) }
  checkStore(settings)
  checkProviders(settings.providers)
  for (const provider of settings.providers) checkAgainstRetries(settings, provider)
  return settings
}

function checkStore({ store, ordering, handOff }: Settings): void {
  for (const name of ['claim', 'complete', 'release', 'extend'] as const) {
    if (typeof store?.[name] !== 'function') {
      throw new TypeError(`webhooks: store has no method ${name}; pass memoryStore(), redisStore(client), …`)
    }
  }
  if (ordering && !store.position) throw new TypeError('webhooks: ordering needs a store with a method position')
  if (handOff?.isTransactional && !store.isDone) {
    throw new TypeError('webhooks: handOff needs a store that takes part in its transaction, e.g. postgresStore(pool)')
  }
}

/** A clock that does not tell the time, now or later, must not open the window: no time is older than NaN. */
function checkedClock(now: () => number): () => number {
  const tell = () => {
    const ms = now()
    if (Number.isFinite(ms)) return ms
    throw new TypeError('webhooks: now must return milliseconds since 1970')
  }
  tell()
  return tell
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
}

function checkAgainstRetries({ leaseMs, retentionMs }: Settings, { name, retries }: Provider): void {
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
