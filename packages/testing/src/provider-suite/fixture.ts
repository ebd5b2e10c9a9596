import {
  createReceiver,
  type Delivery,
  memoryStore,
  type Outcome,
  type Provider,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { type TestClock, testClock } from '../test-clock.js'
import type { TestRunner } from '../test-runner.js'
import type { Payload, ProviderUnderTest, Unsigned } from './provider-under-test.js'

/** The time of receivers and deliveries. A whole second, because some formats have no fractions. */
export const START = Date.UTC(2026, 0, 31, 12)

const SECRETS = ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'C2FVsBQIhrscChlQIMV+b5sSYspob7oD'] as const

export interface Sample {
  readonly type: string
  readonly payload: Payload
  readonly body: Buffer
}

export interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The result of a delivery: the handler's delivery, or the final answer. */
export interface Verdict {
  readonly status: number
  readonly error?: string
  readonly duplicate?: boolean
  readonly delivery?: Delivery
}

/** A receiver with only the provider, and its observations. */
export interface Bench {
  readonly clock: TestClock
  readonly outcomes: readonly Outcome[]
  /** The names of the headers that were read. */
  readonly headersRead: ReadonlySet<string>
  /** Sends a delivery. The handler, if it runs, succeeds. */
  send(sent: Sent): Promise<Verdict>
}

/** The helpers of the tests. */
export interface Kit {
  readonly runner: TestRunner
  readonly secrets: readonly [string, string]
  /** The provider with the first secret. */
  readonly provider: Provider
  readonly samples: readonly Sample[]
  /** Signs a delivery of the first event at `START`, with overrides. */
  signed(unsigned?: Partial<Unsigned>): Sent
  receiver(options?: Partial<ReceiverOptions>): Bench
}

export function kitFor(underTest: ProviderUnderTest, runner: TestRunner): Kit {
  const secrets = underTest.secrets ?? SECRETS
  const provider = underTest.provider([secrets[0]])
  const samples = Object.entries(underTest.samples).map(([type, sample]) => sampleOf(type, sample))
  const [first] = samples
  if (first === undefined) throw new TypeError(`${underTest.name}: samples must have a payload for each event type`)
  const { type, body } = first

  return {
    runner,
    secrets,
    provider,
    samples,
    signed: (given) => {
      const unsigned = { type, body, id: 'msg_1', sentAt: new Date(START), secret: secrets[0], ...given }
      const headers = Object.entries(underTest.sign(unsigned)).map(([name, value]) => [name.toLowerCase(), value])
      return { headers: Object.fromEntries(headers), body: unsigned.body }
    },
    receiver: (options) => benchOf({ providers: [provider], ...options }),
  }
}

const sampleOf = (type: string, sample: Payload | string): Sample =>
  typeof sample === 'string'
    ? { type, payload: JSON.parse(sample), body: Buffer.from(sample) }
    : { type, payload: sample, body: bodyOf(sample) }

export const bodyOf = (payload: Payload): Buffer => Buffer.from(JSON.stringify(payload))

function benchOf(options: ReceiverOptions): Bench {
  const clock = testClock(START)
  const outcomes: Outcome[] = []
  const headersRead = new Set<string>()
  const receiver = createReceiver({
    now: clock.now,
    store: memoryStore({ now: clock.now }),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  })

  async function send({ headers, body }: Sent): Promise<Verdict> {
    const reception = await receiver.receive({
      method: 'POST',
      header: (name) => {
        headersRead.add(name)
        return headers[name]
      },
      readBody: async () => body,
      isOpenEnded: () => false,
    })
    if (reception.answer !== undefined) return { status: reception.answer.status, ...JSON.parse(reception.answer.body) }
    await reception.settle(200)
    return { status: 200, delivery: reception.delivery }
  }

  return { clock, outcomes, headersRead, send }
}
