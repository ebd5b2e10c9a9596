/** Marks a promise that was resolved when it was made. Known to all copies of this module. */
const IS_INSTANT = Symbol.for('mailbox-hooks.store.is-instant')

interface InstantAnswer<T> extends Promise<T> {
  [IS_INSTANT]?: true
}

/** Answers at once, as a store in the memory of this process does. The caller needs no time limit for such an answer. */
export function instantly<T>(find: () => T): Promise<T> {
  try {
    const answer: InstantAnswer<T> = Promise.resolve(find())
    answer[IS_INSTANT] = true
    return answer
  } catch (error) {
    return Promise.reject(error)
  }
}

export const isInstant = (answer: InstantAnswer<unknown>): boolean => answer[IS_INSTANT] === true
