import type { HandledPosition } from '../dedup-store.js'

/** Asks the object about one name: an event's key, or an entity. Times are lengths, because the object's own clock counts. */
export type ObjectCall =
  | {
      readonly act: 'claim'
      readonly name: string
      readonly token: string
      readonly leaseMs: number
      readonly graceMs: number
    }
  | { readonly act: 'complete'; readonly name: string; readonly token: string; readonly retentionMs: number }
  | { readonly act: 'release'; readonly name: string; readonly token: string }
  | { readonly act: 'extend'; readonly name: string; readonly token: string; readonly leaseMs: number }
  | { readonly act: 'position'; readonly name: string; readonly handled?: HandledPosition | undefined }

type Act = ObjectCall['act']

/** A call of one kind. */
export type CallTo<A extends Act> = Extract<ObjectCall, { act: A }>

/** The answer to a call: whether the token holds, for the acts that need one. */
export type AnswerTo<A extends Act> = A extends 'claim' ? ClaimAnswer : A extends 'position' ? number | null : boolean

export type ClaimAnswer =
  | { readonly status: 'claimed' | 'done' }
  | { readonly status: 'in-flight'; readonly retryAfterMs: number }
  /** The lease has ended, and its grace has not. */
  | { readonly status: 'ended' }
