import type { Provider } from '../providers/provider.js'

/**
 * Returns how long an event without a native id is remembered, in milliseconds: while the provider retries, and while a
 * captured request stays within the window.
 */
export const bodyMemoryMs = ({ retries, windowMs }: Pick<Provider, 'retries' | 'windowMs'>): number =>
  Math.max(retries.spanMs, windowMs)
