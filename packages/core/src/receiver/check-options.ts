import { isRecordedJournal } from '../journal/recorded-journal.js'
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
  withDefault,
  YES_OR_NO,
} from '../options/option-rules.js'
import type { DeliveryObserver } from '../outcome/observer.js'
import type { DedupStore } from '../stores/dedup-store.js'
import { memoryStore } from '../stores/memory/memory-store.js'
import { checkTogether } from './check-together.js'
import type { ReceiverOptions, Settings } from './receiver-options.js'

const DAY_MS = 24 * 3600_000

const RULES: Readonly<Record<keyof Settings, Rule>> = {
  providers: [
    'a list with at least one provider, made by defineProvider(), standardWebhooks() or a built-in function such as openMail()',
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
  waitUntil: optional(FUNCTION),
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
  checkTogether(settings)
  return settings
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
