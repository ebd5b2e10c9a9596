/** Holds the answer of a promise that was resolved when it was made. Known to all copies of this module. */
const ANSWER = Symbol.for('mailbox-hooks.store.instant-answer')

interface InstantAnswer<T> extends Promise<T> {
  [ANSWER]?: { readonly value: T }
}

/** Answers at once, as a store in the memory of this process does. Its caller need not wait, nor limit the time. */
export function instantly<T>(find: () => T): Promise<T> {
  try {
    const value = find()
    const answer: InstantAnswer<T> = Promise.resolve(value)
    answer[ANSWER] = { value }
    return answer
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Returns an answer itself if it was given at once, and otherwise its promise. */
export function answerOf<T>(promise: InstantAnswer<T>): T | Promise<T> {
  const instant = promise[ANSWER]
  return instant === undefined ? promise : instant.value
}
