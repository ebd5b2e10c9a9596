import type { BatchLimits } from '@mailbox-hooks/core/sql-client'

/**
 * The limits for a server. A statement of a journal costs the server as much as ten of its rows, so rows wait for each other:
 * those of the same turn, and those that arrive while a statement of their kind is in flight.
 */
export const GATHERED: BatchLimits = { rows: 250, inFlight: 1, gathersFirst: true }
