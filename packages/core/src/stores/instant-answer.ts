/** The promise that was made last, and its value. */
interface Latest {
  promise: Promise<unknown> | undefined
  value: unknown
}

/** Shared by all copies of this module. */
const latest = sharedBy('mailbox-hooks.store.latest-answer')

function sharedBy(name: string): Latest {
  const shared = globalThis as { [key: symbol]: Latest | undefined }
  const key = Symbol.for(name)
  shared[key] ??= { promise: undefined, value: undefined }
  return shared[key]
}

/**
 * Answers at once, as a store in the memory of this process does. Its caller need not wait, nor limit the time, if it asks
 * `answerOf` before anything else answers.
 */
export function instantly<T>(find: () => T): Promise<T> {
  try {
    const value = find()
    const promise = Promise.resolve(value)
    latest.promise = promise
    latest.value = value
    return promise
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Returns an answer itself if it was given at once, and otherwise its promise. */
export function answerOf<T>(promise: Promise<T>): T | Promise<T> {
  // The value is that of the promise.
  return promise === latest.promise ? (latest.value as T) : promise
}
