import type { DeliveryOf } from '../delivery/delivery.js'
import type { Journal } from '../journal/journal.js'
import type { RecordedJournal } from '../journal/recorded-journal.js'
import type { WithDefaults } from '../options/option-rules.js'
import type { DeliveryObserver } from '../outcome/observer.js'
import type { OutcomeListener } from '../outcome/outcome.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { DedupStore } from '../stores/dedup-store.js'

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
  /**
   * Keeps the request alive for work after its answer: a mark that is retried, a late claim that is released. Default none.
   * Pass it on platforms whose requests end with their answers: `waitUntil` of `cloudflare:workers` or `@vercel/functions`.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
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
type Unset = 'maxHandlerMs' | 'journal' | 'handOff' | 'waitUntil' | 'onOutcome' | 'observer'

/** The options as the receiver reads them. */
export type Settings = WithDefaults<Omit<ReceiverOptions, Unset | 'store'>> &
  Omit<Pick<ReceiverOptions, Unset>, 'journal'> & {
    /** Undefined where a durable journal decides alone. */
    readonly store: DedupStore | undefined
    readonly journal: RecordedJournal | undefined
  }

/** Returns whether the journal itself is the queue of `handOff`, so that one write does both. */
export const isQueuedHere = ({ journal, handOff }: Settings): boolean =>
  journal !== undefined && handOff !== undefined && journal.handOff === (handOff as unknown)
