/** What each of these providers takes. */
export interface Options {
  /** Each verifies, so that one can be rotated without refused deliveries. */
  readonly secrets: readonly (string | undefined)[]
  /** Separates several accounts of one provider that share a store. */
  readonly account?: string
}

/** The value of a field, where the payload has an object there. */
export const field = (payload: unknown, name: string): unknown =>
  typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[name] : undefined

/** For secrets that are sent with every request, and for signatures of time and body. */
export const HOUR_MS = 3_600_000
export const WINDOW = { maxAgeSeconds: 300, maxAheadSeconds: 300 } as const
