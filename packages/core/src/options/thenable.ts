/** Returns whether a value can be awaited: a promise, also of another realm, or a promise of another library. */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  value !== null &&
  (typeof value === 'object' || typeof value === 'function') &&
  typeof (value as Partial<PromiseLike<unknown>>).then === 'function'

/** Ignores the rejection of a value that nobody awaits: an unhandled one would let any sender end the process. */
export function ignoreRejection(value: unknown): void {
  if (isThenable(value)) Promise.resolve(value).catch(() => undefined)
}

/** Returns the value of a function that must not be asynchronous. Throws a `TypeError` for a promise. */
export function atOnce<T>(title: string, value: T): T {
  if (!isThenable(value)) return value
  ignoreRejection(value)
  throw new TypeError(`${title} must return its value, and no promise of it`)
}
