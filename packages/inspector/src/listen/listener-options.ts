import type { Provider } from '@mailbox-hooks/core'
import { checkNames } from '@mailbox-hooks/core/queue'
import type { InspectorOptions } from '../inspector-options.js'

/** What is answered in the place of an application. */
export type AnswerMode = 'application' | '500' | 'late' | 'never'

/** The options of `openListener`. */
export interface ListenerOptions {
  /** Names the application, e.g. `http://localhost:3000/webhooks`. Loopback only. With a path it gets every request. */
  readonly to: string
  /** Sets the port to which deliveries are sent. 0 takes any free one. Default 4791. */
  readonly port?: number | undefined
  /**
   * Plays a broken application: `'500'` and `'never'` keep requests from it, `'late'` holds its answer for 30 s. Default
   * `'application'`.
   */
  readonly answer?: AnswerMode | undefined
  /** Lists providers of your own. Default: the built-in ones, with the secrets in the environment. */
  readonly providers?: readonly Provider[] | undefined
  /** Sets the options of the page; `false` opens none. */
  readonly inspector?: Omit<InspectorOptions, 'journal' | 'target' | 'providers'> | false | undefined
  /** Receives each request after its answer. */
  readonly onExchange?: ((exchange: PassedExchange) => void) | undefined
}

/** A request that was passed on, with its answer. It holds everything that came, credentials too. */
export interface PassedExchange {
  readonly at: Date
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
  readonly provider?: string | undefined
  readonly type?: string | undefined
  /** Whether a secret is known, and the signature matches it. */
  readonly isVerified: boolean
  /** Why a receiver would refuse it. */
  readonly code?: string | undefined
  /** The answered status. 0 if there was none. */
  readonly status: number
  readonly durationMs: number
}

const NAMES = ['to', 'port', 'answer', 'providers', 'inspector', 'onExchange'] as const
const MODES: readonly unknown[] = ['application', '500', 'late', 'never']

export function checkListener(options: ListenerOptions) {
  const { port = 4791, answer = 'application', providers = [], ...others } = checkNames('openListener', options, NAMES)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError('openListener: port must be a whole number from 0 to 65535')
  }
  if (!MODES.includes(answer)) throw new TypeError(`openListener: answer must be one of ${MODES.join(', ')}`)
  return { ...others, port, answer, providers }
}
