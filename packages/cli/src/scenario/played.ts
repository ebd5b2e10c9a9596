import type { Exchange } from '../request/post.js'

/**
 * The kind of a delivery.
 *
 * - `new`: the first attempt of an event.
 * - `retry`: a later attempt, because no earlier one got a 2xx.
 * - `duplicate`: another delivery after a 2xx, whose answer may have been lost.
 * - `at once`: one of several parallel deliveries of a new event.
 * - `forged`: signed with another secret.
 * - `stale`: signed correctly, but too long ago.
 */
export type Part = 'new' | 'retry' | 'duplicate' | 'at once' | 'forged' | 'stale'

/** One played delivery. */
export interface Played extends Exchange {
  readonly scenario: string
  readonly provider: string
  readonly event: string
  /** Distinguishes the event from others of its type, e.g. `mailbox 2`. */
  readonly label: string
  readonly part: Part
  /** Names the event. All its deliveries share it. */
  readonly eventKey: number
  /** Whether its JSON is written differently from `JSON.stringify`. */
  readonly isWrittenOtherwise: boolean
}
