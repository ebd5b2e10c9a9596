import type { Exchange } from '../request/post.js'

/**
 * What a delivery is meant as.
 *
 * - `new`: the first attempt of an event.
 * - `retry`: a later attempt, because none before was answered with 2xx.
 * - `duplicate`: the event again, though it was answered with 2xx: that answer may have been lost.
 * - `at once`: one of several deliveries of a new event, sent at the same moment.
 * - `forged`: signed with another secret.
 * - `stale`: signed rightly, but too long ago.
 */
export type Part = 'new' | 'retry' | 'duplicate' | 'at once' | 'forged' | 'stale'

/** One delivery as it was played. */
export interface Played extends Exchange {
  readonly scenario: string
  readonly provider: string
  readonly event: string
  /** What tells it from other events of its type, e.g. `mailbox 2`. */
  readonly label: string
  readonly part: Part
  /** Names the event: its deliveries share it. */
  readonly eventKey: number
  /** Its JSON is written as others write it, not as `JSON.stringify` does. */
  readonly isWrittenOtherwise: boolean
}
