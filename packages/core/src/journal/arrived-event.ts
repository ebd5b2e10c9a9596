import type { About } from '../event/about.js'
import type { AnyEvent } from '../event/event.js'
import type { TraceContext } from '../outcome/observer.js'
import type { Provider } from '../providers/provider.js'
import type { Proof } from '../signature/signature.js'
import type { ArrivalRecord } from './arrival.js'
import type { Headers } from './entry-parts.js'

/** An authentic event, as the steps of the receiver have found it. */
export interface ArrivedEvent {
  /** The deduplication key. */
  readonly key: string
  readonly provider: Provider
  readonly proof: Proof
  readonly event: AnyEvent
  /** The type on the wire. */
  readonly type: string | undefined
  readonly about: () => About
  readonly entity: string | undefined
  readonly occurredAtMs: number | undefined
  readonly attempt: number | undefined
  readonly hasNativeId: boolean
  readonly sentAtMs: number | undefined
  readonly receivedAtMs: number
  readonly headers: Headers
  readonly body: Uint8Array
  /** The place in the receiver's trace. */
  readonly trace?: TraceContext | undefined
  /** How the request arrived, if the journal keeps that. */
  readonly record: ArrivalRecord | undefined
}
