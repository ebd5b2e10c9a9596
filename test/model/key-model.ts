import type { Claim } from '@mailbox-hooks/core'

/** The state of a key, in the words of the contract. */
export type KeyState =
  | { readonly is: 'absent' }
  | { readonly is: 'claimed'; readonly by: string; readonly endsAt: number }
  | { readonly is: 'done'; readonly forgetAt: number }

export type Call =
  | { readonly verb: 'claim'; readonly leaseMs: number }
  | { readonly verb: 'complete'; readonly token: string; readonly retentionMs: number }
  | { readonly verb: 'release'; readonly token: string }
  | { readonly verb: 'extend'; readonly token: string; readonly leaseMs: number }

export type Answer = Claim | boolean

/** A call and what came of it; undefined when nobody was left to read the answer. */
export interface Observed {
  readonly call: Call
  readonly answer: Answer | undefined
}

export const ABSENT: KeyState = { is: 'absent' }

/** Nobody holds the token of a claim whose answer was not read. */
const UNREAD = 'unread'

/**
 * Returns the possible states of a key after calls that were under way together, in whichever order the store has taken
 * them. Returns none when no order explains the answers.
 */
export function statesAfter(states: readonly KeyState[], observed: readonly Observed[], now: number): KeyState[] {
  if (observed.length === 0) return [...states]
  const ends = observed.flatMap((first, index) => {
    const next = states.flatMap((state) => stateAfter(state, first, now))
    return statesAfter(next, observed.toSpliced(index, 1), now)
  })
  return [...new Map(ends.map((state) => [JSON.stringify(state), state])).values()]
}

/** The whole contract: what the call makes of the key, if it may be answered like that. */
function stateAfter(state: KeyState, { call, answer }: Observed, now: number): KeyState[] {
  const allow = (expected: boolean, next: KeyState) =>
    answer === undefined || answer === expected ? [expected ? next : state] : []

  switch (call.verb) {
    case 'claim':
      return stateAfterClaim(state, call.leaseMs, answer as Claim | undefined, now)
    case 'complete':
      return allow(holds(state, call.token), { is: 'done', forgetAt: now + call.retentionMs })
    case 'release':
      return allow(holds(state, call.token), ABSENT)
    case 'extend':
      return allow(holds(state, call.token), { is: 'claimed', by: call.token, endsAt: now + call.leaseMs })
  }
}

function stateAfterClaim(state: KeyState, leaseMs: number, answer: Claim | undefined, now: number): KeyState[] {
  const isRead = answer !== undefined
  if (state.is === 'done' && state.forgetAt > now) return isRead && answer.status !== 'done' ? [] : [state]
  if (state.is === 'claimed' && state.endsAt > now) {
    return isRead && !isInFlight(answer, state.endsAt - now) ? [] : [state]
  }
  if (isRead && answer.status !== 'claimed') return []
  return [{ is: 'claimed', by: isRead ? answer.token : UNREAD, endsAt: now + leaseMs }]
}

const holds = (state: KeyState, token: string) => state.is === 'claimed' && state.by === token

/** The clocks of databases go on while the test runs, the model's does not. */
const DRIFT_MS = 20_000

const isInFlight = (answer: Claim, leftMs: number) =>
  answer.status === 'in-flight' && answer.retryAfterMs <= leftMs && answer.retryAfterMs > leftMs - DRIFT_MS
