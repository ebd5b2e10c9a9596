import { bodyMemoryMs } from '../claim/body-memory.js'
import type { Provider } from '../providers/provider.js'
import type { DedupStore } from '../stores/dedup-store.js'
import type { Settings } from './receiver-options.js'

/** Throws a `TypeError` for options that do not fit each other, or that do not fit the providers. */
export function checkTogether(settings: Settings): void {
  const { store, providers } = settings
  if (store !== undefined) checkStore(store, settings)
  checkJournal(settings)
  checkProviders(providers)
  for (const provider of providers) checkLists(settings, provider)
  for (const provider of providers) checkAgainstRetries(settings, provider)
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
  checkSecrets(providers)
}

/** A captured request of one provider would verify for another with its secret, under whose name it is a new event. */
function checkSecrets(providers: readonly Provider[]): void {
  const owners = new Map<string, Provider>()
  for (const provider of providers) {
    for (const mark of provider.secretMarks?.() ?? []) {
      const other = owners.get(mark) ?? provider
      owners.set(mark, other)
      if (other === provider) continue
      throw new TypeError(
        `webhooks: ${titleOf(other)} and ${titleOf(provider)} have a secret in common: a delivery of one would be ` +
          'taken for one of the other. Give each its own',
      )
    }
  }
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
