import { randomUUID } from 'node:crypto'
import { bodyMemoryMs } from '../claim/body-memory.js'
import { aboutTokens } from './about-index.js'
import type { ArrivedEvent } from './arrived-event.js'
import { entryHash } from './entry-hash.js'
import { type EntryContent, type EntryMeta, eventMeta, FORMAT, packContent, packMeta } from './entry-parts.js'
import type { EntrySealer } from './entry-sealer.js'
import type { NewEntry, SealedParts } from './journal-store.js'
import { keptHeaders } from './refusals.js'

/** How an arrived event is begun. */
export interface BeginTerms {
  readonly arrived: ArrivedEvent
  readonly as: NewEntry['as']
  readonly leaseMs: number
  readonly id: string
  readonly generation: number
}

/** Parts that stay in this process, and are packed when somebody looks. */
class UnsealedParts implements SealedParts {
  readonly keyId = ''
  readonly format = FORMAT
  readonly #facts: EntryMeta
  readonly #delivered: EntryContent
  #meta: Uint8Array | undefined
  #content: Uint8Array | undefined

  constructor(facts: EntryMeta, delivered: EntryContent) {
    this.#facts = facts
    this.#delivered = delivered
  }

  get meta(): Uint8Array {
    this.#meta ??= packMeta(this.#facts)
    return this.#meta
  }

  get content(): Uint8Array {
    this.#content ??= packContent(this.#delivered)
    return this.#content
  }
}

/** Packs and seals an arrived event as an entry. */
export function newEntry(
  sealer: EntrySealer,
  namespace: string,
  { arrived, as, leaseMs, id, generation }: BeginTerms,
): NewEntry {
  const { key, provider, proof, event, entity, occurredAtMs, receivedAtMs, hasNativeId } = arrived
  const { name, account, retries, credentials } = provider
  const hash = entryHash(id)
  const facts: EntryMeta = {
    id,
    trust: proof.trust,
    sentAt: arrived.sentAtMs ?? receivedAtMs,
    receivedAt: receivedAtMs,
    attempt: arrived.attempt,
    entity,
    occurredAt: occurredAtMs,
    event: eventMeta(event),
    credentials,
    trace: arrived.trace,
  }
  const delivered: EntryContent = { headers: keptHeaders(arrived.headers), body: arrived.body }
  const about = arrived.about()
  if (arrived.record !== undefined) arrived.record.about = about.addresses[0] ?? about.ids[0]
  return {
    namespace,
    keyHash: id === key ? hash : entryHash(key),
    hash,
    generation,
    provider: name,
    account,
    // Refused for its payload, it has the type whose schema it does not fit.
    type: (as === 'failed' ? arrived.type : event.type) ?? 'unknown',
    as,
    token: randomUUID(),
    leaseMs,
    nextAttemptInMs: as === 'queued' ? 0 : undefined,
    windowMs: bodyMemoryMs(provider),
    isLimited: !hasNativeId,
    retrySpanMs: retries.spanMs,
    occurredAtMs,
    about: aboutTokens(sealer, about, { provider: name, account, entity }),
    bodyBytes: arrived.body.length,
    sealed: sealer.isStored ? sealedParts(sealer, hash, facts, delivered) : new UnsealedParts(facts, delivered),
    record: arrived.record,
  }
}

function sealedParts(sealer: EntrySealer, hash: string, facts: EntryMeta, delivered: EntryContent): SealedParts {
  return {
    keyId: sealer.keyId,
    format: FORMAT,
    meta: sealer.seal('meta', hash, packMeta(facts)),
    content: sealer.seal('content', hash, packContent(delivered)),
  }
}
