import { randomUUID } from 'node:crypto'
import { inTime } from '../claim/in-time.js'
import { handOffFailed, journalUnavailable, storeUnavailable, type WebhookError } from '../errors.js'
import type { ReceiverSteps } from '../journal/receiver-steps.js'
import { ABOVE_0, readOptions, withDefault } from '../options/option-rules.js'
import type { Provider } from '../providers/provider.js'
import type { HandOff } from '../queue/hand-off.js'
import type { DedupStore } from '../stores/dedup-store.js'
import type { Timeouts } from '../timeouts.js'

export interface HealthOptions {
  /** Sets how long each part may take to answer, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number | undefined
}

/** Whether a part answers. */
export interface PartHealth {
  readonly ok: boolean
  /** How long its answer took, in milliseconds. */
  readonly ms: number
  /** What failed, without addresses or credentials. */
  readonly error?: string
}

/** Whether a receiver can take deliveries. */
export interface Health {
  /** True if every part answers. */
  readonly ok: boolean
  readonly store?: PartHealth
  readonly journal?: PartHealth
  /** Missing without `handOff`, and with one that has no `ping`. */
  readonly queue?: PartHealth
  readonly providers: readonly ProviderHealth[]
}

/** When a provider was last heard of. */
export interface ProviderHealth {
  readonly name: string
  readonly account?: string
  /** The time of the last authentic delivery, by this process or the journal. Missing before the first one. */
  readonly lastReceivedAt?: Date
}

interface HealthParts {
  readonly providers: readonly Provider[]
  readonly store: DedupStore | undefined
  readonly journal: ReceiverSteps | undefined
  readonly handOff: HandOff<never> | undefined
  readonly timeouts: Timeouts
  /** When this process last had an authentic delivery of a provider. */
  readonly lastReceivedMs: ReadonlyMap<Provider, number>
}

type Unavailable = (message: string, cause?: unknown) => WebhookError

/** Asks the store, the journal and the queue whether they answer. Rejects only for a wrong option. */
export async function checkHealth(parts: HealthParts, options: HealthOptions = {}): Promise<Health> {
  const { timeoutMs } = readOptions<{ timeoutMs: number }>('health', options, {
    timeoutMs: withDefault(ABOVE_0, 1_000),
  })
  const { store, journal, handOff, timeouts } = parts
  const ask = async (subject: string, call: (() => Promise<unknown>) | undefined, unavailable: Unavailable) => {
    if (call === undefined) return undefined
    const startedAt = performance.now()
    const error = await inTime(call, { timeouts, timeoutMs, subject, unavailable }).then(
      () => undefined,
      ({ message }: WebhookError) => message,
    )
    const ms = Math.round(performance.now() - startedAt)
    return error === undefined ? { ok: true, ms } : { ok: false, ms, error }
  }
  const ping = handOff?.ping?.bind(handOff)
  const [storeHealth, journalHealth, queueHealth, providers] = await Promise.all([
    ask('The store', store && (() => pingStore(store)), storeUnavailable),
    ask('The journal', journal && (() => journal.recorder.ping()), journalUnavailable),
    ask('The queue', ping && (async () => ping()), handOffFailed),
    Promise.all(parts.providers.map((provider) => providerHealth(provider, parts, timeoutMs))),
  ])
  const asked = {
    ...(storeHealth && { store: storeHealth }),
    ...(journalHealth && { journal: journalHealth }),
    ...(queueHealth && { queue: queueHealth }),
  }
  return { ok: Object.values(asked).every(({ ok }) => ok), ...asked, providers }
}

/** Asks a store without `ping` for something that it does not have. That changes nothing. */
async function pingStore(store: DedupStore): Promise<unknown> {
  const [nothing, token] = ['mailbox-hooks health', randomUUID()]
  if (store.ping !== undefined) return store.ping()
  // Before `isDone`, because SQLite refuses that while the handler has a transaction open.
  if (store.position !== undefined) return store.position(nothing)
  return store.isDone === undefined ? store.release(nothing, token) : store.isDone(nothing, token)
}

async function providerHealth(
  provider: Provider,
  { journal, timeouts, lastReceivedMs }: HealthParts,
  timeoutMs: number,
): Promise<ProviderHealth> {
  const { name, account } = provider
  const guard = { timeouts, timeoutMs, subject: 'The journal', unavailable: journalUnavailable }
  const known = journal && (await inTime(() => journal.recorder.lastReceivedAt(provider), guard).catch(() => undefined))
  const latest = Math.max(lastReceivedMs.get(provider) ?? 0, known ?? 0)
  return {
    name,
    ...(account !== undefined && { account }),
    ...(latest > 0 && { lastReceivedAt: new Date(latest) }),
  }
}
