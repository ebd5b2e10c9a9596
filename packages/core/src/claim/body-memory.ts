import type { Provider } from '../providers/provider.js'

/**
 * How long an event without an id is remembered by its body, in milliseconds: while the provider repeats it, and while
 * somebody who has captured a delivery of it could.
 */
export const bodyMemoryMs = ({ retries, windowMs }: Pick<Provider, 'retries' | 'windowMs'>): number =>
  Math.max(retries.spanMs, windowMs)
