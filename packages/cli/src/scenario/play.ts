import {
  anotherEvent,
  type PlayOptions,
  playDelivery,
  type SignedDelivery,
  type SigningOptions,
} from '@mailbox-hooks/testing'
import type { CatalogProvider, Payload } from '../catalog/providers.js'
import { deliver } from '../request/deliver.js'
import { post } from '../request/post.js'
import { setField } from '../request/set-field.js'
import type { Part, Played } from './played.js'

/** An event of a scenario. */
export interface PlayedEvent {
  readonly name: string
  readonly label: string
  readonly key: number
  readonly payload: Payload
  /** The payload as it is to be written. Default: as `JSON.stringify` writes it. */
  readonly body?: string
}

export interface PlaySettings {
  readonly scenario: string
  readonly provider: CatalogProvider
  readonly secret: string
  readonly to: URL
  readonly signing: Pick<SigningOptions, 'reading' | 'encoding'>
  /** By `performance.now()`: nothing is sent any more after this, and nothing waited for. */
  readonly deadlineMs: number
  readonly onPlayed: (played: Played) => void
}

/** How long one delivery may take: less than a provider waits, so that all scenarios end soon. */
const TIMEOUT_MS = 5_000

/** For an event that is known at run time only. */
const playDeliveryOf = playDelivery as (
  provider: string,
  event: string,
  options: PlayOptions<Payload>,
) => ReturnType<typeof playDelivery>

let lastKey = 0

/** The deadline has passed in the middle of a scenario. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

/** The sending side of a scenario: what a provider does, and what goes wrong on the way. */
export class Play {
  readonly #settings: PlaySettings

  constructor(settings: PlaySettings) {
    this.#settings = settings
  }

  /** An event that no receiver has seen, from the sample with these fields set. */
  event(name: string, fields: Readonly<Record<string, unknown>> = {}, label = ''): PlayedEvent {
    const { provider } = this.#settings
    const sample = provider.samples[name]?.() ?? {}
    const payload = Object.entries(fields).reduce(
      (all, [path, value]) => setField(all, `${path}=${JSON.stringify(value)}`),
      anotherEvent(provider.name, sample),
    )
    lastKey += 1
    return { name, label, key: lastKey, payload }
  }

  /** Delivers it, and again on the provider's schedule, a thousand times faster, until it is answered with 2xx. */
  async send(event: PlayedEvent, first: Part = 'new'): Promise<void> {
    const { provider, secret, signing } = this.#settings
    let ended: unknown
    const send = async (delivery: SignedDelivery, attempt: number) => {
      try {
        const { answer } = await this.#deliver(event, attempt === 1 ? first : 'retry', delivery)
        return { status: answer?.status ?? 0 }
      } catch (error) {
        // To a provider a rejection is an answer that did not come; here it is the end of the scenario.
        ended = error
        throw error
      }
    }
    await playDeliveryOf(provider.name, event.name, { ...signing, secret, ...contentOf(event), send })
    if (ended !== undefined) throw ended
  }

  /** Delivers it once more, as after an answer that was lost. */
  async sendAgain(event: PlayedEvent): Promise<void> {
    await this.#deliver(event, 'duplicate', this.#sign(event, { attempt: 2 }))
  }

  /** Delivers it so many times at the same moment, and afterwards retries what was not answered with 2xx. */
  async sendAtOnce(event: PlayedEvent, copies: number): Promise<void> {
    const deliveries = Array.from({ length: copies }, () => this.#deliver(event, 'at once', this.#sign(event)))
    const played = await Promise.all(deliveries)
    if (!played.every(isAcknowledged)) await this.send(event, 'retry')
  }

  /** Delivers it signed with a secret that is not the provider's. */
  async forge(event: PlayedEvent): Promise<void> {
    await this.#deliver(event, 'forged', this.#sign(event, { secret: `not-${this.#settings.secret}` }))
  }

  /** Delivers it as if it had been captured long ago. */
  async sendStale(event: PlayedEvent, ageMs: number): Promise<void> {
    await this.#deliver(event, 'stale', this.#sign(event, { at: Date.now() - ageMs }))
  }

  #sign(event: PlayedEvent, options: { attempt?: number; secret?: string; at?: number } = {}) {
    const { provider, secret, signing } = this.#settings
    return deliver(provider.name, event.name, { ...signing, secret, ...contentOf(event), ...options })
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

const contentOf = ({ payload, body }: PlayedEvent) => (body === undefined ? { payload } : { body })

export const isAcknowledged = ({ answer }: Pick<Played, 'answer'>) =>
  answer !== undefined && answer.status >= 200 && answer.status < 300
