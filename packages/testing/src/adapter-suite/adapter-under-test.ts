import type { Delivery, ReceiverOptions } from '@mailbox-hooks/core'

/** The answer of a handler, in a form that every framework can express. */
export interface HandlerReply {
  readonly status: number
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as a stream of these pieces, instead of `body`. */
  readonly pieces?: readonly string[]
}

/** A handler: it replies, throws, or never ends. */
export type Handler = (delivery: Delivery) => Promise<HandlerReply>

export interface RunningServer {
  /** The address of the webhook route. */
  readonly url: string
  close(): Promise<void>
}

export interface AdapterUnderTest {
  readonly name: string
  /**
   * Starts a server on a free loopback port whose `/webhooks` goes through the adapter and then to `handle`, for GET (it
   * carries handshakes) and POST. A handler that throws is left to the framework.
   */
  start(options: ReceiverOptions, handle: Handler): Promise<RunningServer>
  /** Lists the intended differences of the adapter, each with its reason. */
  readonly differences?: {
    /** The framework's own router answers other methods. */
    readonly otherMethods?: { readonly status: number; readonly reason: string }
    /** The adapter does not see a handler's error if it is mounted like this. */
    readonly unknownErrors?: { readonly reason: string }
  }
}
