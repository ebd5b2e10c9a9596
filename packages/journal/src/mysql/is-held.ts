import type { KnownRow } from '../rows/known-row.js'

/** Whether a run goes on that has this token. */
export const isHeld = (known: KnownRow | undefined, token: string) =>
  known?.leaseUntil !== undefined && known.token === token
