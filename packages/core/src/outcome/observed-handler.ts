import { harmless } from './harmless.js'
import type { ObservedDelivery } from './observer.js'

/** Calls the handler inside the observer's context. It runs once, and its result stands, whatever the observer does. */
export function runObserved<T>(observed: ObservedDelivery | undefined, handler: () => T): T {
  if (observed === undefined) return handler()
  let end: (() => T) | undefined
  const runOnce = () => {
    end ??= endOf(handler)
    return end()
  }
  harmless(() => {
    const told: unknown = observed.run(runOnce)
    // The handler's own result is the caller's to await: some thenables begin their work anew each time.
    return told === runOnce() ? undefined : told
  })
  return runOnce()
}

/** Calls `handler`. Returns a function that returns or throws the same result. */
function endOf<T>(handler: () => T): () => T {
  try {
    const value = handler()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
