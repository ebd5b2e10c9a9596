import {
  coldMailReseller,
  type Delivery,
  inboxKit,
  memoryStore,
  type Outcome,
  openMail,
  type ReceiverOptions,
} from '@mailbox-hooks/core'
import { onTestFinished } from 'vitest'
import type { AdapterUnderTest, Handler, HandlerReply } from './adapter-under-test.js'
import { type Received, type Sending, send } from './client.js'
import { SECRETS } from './deliveries.js'

export const REPLY: HandlerReply = { status: 200, body: { handled: true } }

/** A receiver with all three providers, and its observations. */
export interface Harness {
  readonly url: string
  readonly outcomes: Outcome[]
  /** The deliveries that reached the handler. */
  readonly runs: Delivery[]
  send(sending: Sending): Promise<Received>
  /** Resolves when the handler has been entered `count` times. */
  entered(count: number): Promise<void>
  /** Resolves when `count` outcomes have been reported. */
  reported(count: number): Promise<void>
}

export type Start = (options?: Partial<ReceiverOptions>, handle?: Handler) => Promise<Harness>

/** Starts servers that are closed after the test. `atEnd` is the hook of its context, for tests that run concurrently. */
export function harnessOf(
  { start }: AdapterUnderTest,
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Start {
  return async (options = {}, handle = async () => REPLY) => {
    const outcomes: Outcome[] = []
    const runs: Delivery[] = []
    const entering = new Milestones()
    const reporting = new Milestones()
    const server = await start(
      {
        providers: [
          coldMailReseller({ secrets: [SECRETS.coldMailReseller] }),
          inboxKit({ secrets: [SECRETS.inboxKit] }),
          openMail({ secrets: [SECRETS.openMail] }),
        ],
        store: memoryStore(),
        onOutcome: (outcome) => {
          outcomes.push(outcome)
          reporting.reach(outcomes.length)
        },
        ...options,
      },
      async (delivery) => {
        runs.push(delivery)
        entering.reach(runs.length)
        return handle(delivery)
      },
    )
    atEnd(() => server.close())
    return {
      url: server.url,
      outcomes,
      runs,
      send: (sending) => send(server.url, sending),
      entered: (count) => entering.wait(count),
      reported: (count) => reporting.wait(count),
    }
  }
}

/** Lets a test await the n-th occurrence of something, without a clock. */
class Milestones {
  #reached = 0
  readonly #waiting: { count: number; resolve: () => void }[] = []

  reach(count: number): void {
    this.#reached = count
    for (const { count: awaited, resolve } of this.#waiting) if (awaited <= count) resolve()
  }

  wait(count: number): Promise<void> {
    if (this.#reached >= count) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }
}

/** A promise with its functions, for handlers that wait until the test continues them. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
