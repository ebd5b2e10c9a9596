import { randomUUID } from 'node:crypto'
import type { Stage } from '@mailbox-hooks/core/play'
import {
  anotherEvent,
  type PlayableProvider,
  type PlayOptions,
  playDelivery,
  type SignedDelivery,
  type SigningOptions,
} from '@mailbox-hooks/testing'
import type { CatalogProvider, Payload } from '../catalog/providers.js'
import { deliver } from '../request/deliver.js'
import { post } from '../request/post.js'
import { setField } from '../request/set-field.js'
import { anotherSecret } from './another-secret.js'
import type { Part, Played } from './played.js'

/** An event of a scenario. */
export interface PlayedEvent {
  readonly name: string
  readonly label: string
  readonly key: number
  readonly payload: Payload
  /** Names the event in a header, where the provider has one. */
  readonly id: string
  /** The payload as JSON. Default: as `JSON.stringify` writes it. */
  readonly body?: string
}

export interface PlaySettings {
  readonly scenario: string
  readonly provider: CatalogProvider
  readonly secret: string
  readonly to: URL
  readonly signing: Pick<SigningOptions, 'reading' | 'encoding'>
  /** The time by `performance.now()` after which nothing is sent or awaited. */
  readonly deadlineMs: number
  readonly onPlayed: (played: Played) => void
}

/** The time-out of a delivery, shorter than a provider's, so that all scenarios end soon. */
const TIMEOUT_MS = 5_000

/** Returns the sample of an event that is known only at run time. */
const playDeliveryOf = playDelivery as (
  provider: PlayableProvider,
  event: string,
  options: PlayOptions<Payload>,
) => ReturnType<typeof playDelivery>

let lastKey = 0

/** Thrown when the deadline passes during a scenario. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

/** The sending side of a scenario: the provider's deliveries, and the failures on the way. */
export class Play implements Stage<PlayedEvent> {
  readonly #settings: PlaySettings

  constructor(settings: PlaySettings) {
    this.#settings = settings
  }

  /** Creates a new event from the sample, with these fields set. */
  event(name: string, fields: Readonly<Record<string, unknown>> = {}, label = ''): PlayedEvent {
    const { provider } = this.#settings
    const sample = provider.samples[name]?.() ?? {}
    const payload = Object.entries(fields).reduce(
      (all, [path, value]) => setField(all, `${path}=${JSON.stringify(value)}`),
      anotherEvent(provider.playable, sample),
    )
    lastKey += 1
    return { name, label, key: lastKey, id: `msg_${randomUUID().replaceAll('-', '')}`, payload }
  }

  /** Delivers an event, and retries on the provider's schedule, a thousand times faster, until it gets a 2xx. */
  async send(event: PlayedEvent, first: Part = 'new'): Promise<void> {
    const { provider, secret, signing } = this.#settings
    let ended: unknown
    const send = async (delivery: SignedDelivery, attempt: number) => {
      try {
        const { answer } = await this.#deliver(event, attempt === 1 ? first : 'retry', delivery)
        return { status: answer?.status ?? 0 }
      } catch (error) {
        // To a provider, a rejection is a missing answer. Here it ends the scenario.
        ended = error
        throw error
      }
    }
    await playDeliveryOf(provider.playable, event.name, { ...signing, secret, ...contentOf(event), send })
    if (ended !== undefined) throw ended
  }

  /** Delivers an event once more, as after a lost answer. */
  async sendAgain(event: PlayedEvent): Promise<void> {
    await this.#deliver(event, 'duplicate', this.#sign(event, { attempt: 2 }))
  }

  /** Delivers an event several times in parallel, then retries the deliveries that did not get a 2xx. */
  async sendAtOnce(event: PlayedEvent, copies: number): Promise<void> {
    const deliveries = Array.from({ length: copies }, () => this.#deliver(event, 'at once', this.#sign(event)))
    const played = await Promise.all(deliveries)
    if (!played.every(isAcknowledged)) await this.send(event, 'retry')
  }

  /** Delivers an event signed with another secret. */
  async forge(event: PlayedEvent): Promise<void> {
    await this.#deliver(event, 'forged', this.#sign(event, { secret: anotherSecret(this.#settings.secret) }))
  }

  /** Delivers an event with an old timestamp, as if it was captured long ago. */
  async sendStale(event: PlayedEvent, ageMs: number): Promise<void> {
    await this.#deliver(event, 'stale', this.#sign(event, { at: Date.now() - ageMs }))
  }

  #sign(event: PlayedEvent, options: { attempt?: number; secret?: string; at?: number } = {}) {
    const { provider, secret, signing } = this.#settings
    return deliver(provider.playable, event.name, { ...signing, secret, ...contentOf(event), ...options })
  }

  async #deliver(event: PlayedEvent, part: Part, delivery: SignedDelivery<string | Uint8Array>): Promise<Played> {
    const { to, secret, deadlineMs, scenario, provider, onPlayed } = this.#settings
    const leftMs = deadlineMs - performance.now()
    if (leftMs <= 0) throw new OutOfTime()
    const exchange = await post(to, delivery, { secret, timeoutMs: Math.min(TIMEOUT_MS, leftMs) })
    const played: Played = {
      ...exchange,
      scenario,
      provider: provider.name,
      event: event.name,
      label: event.label,
      part,
      eventKey: event.key,
      isWrittenOtherwise: event.body !== undefined,
    }
    onPlayed(played)
    return played
  }
}

const contentOf = ({ id, payload, body }: PlayedEvent) => (body === undefined ? { id, payload } : { id, body })

export const isAcknowledged = ({ answer }: Pick<Played, 'answer'>) =>
  answer !== undefined && answer.status >= 200 && answer.status < 300
