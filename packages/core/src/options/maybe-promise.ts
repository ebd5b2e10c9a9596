import { isThenable } from './thenable.js'

/**
 * A value, or the promise of it. A value that is there costs neither a promise nor a turn of the queue: with the store in
 * memory, a delivery is claimed and settled without one.
 */
export type MaybePromise<T> = T | Promise<T>

/** Goes on with a value: at once if it is there, and otherwise when its promise resolves. */
export function andThen<T, Result>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value)
}

/** Returns whether a value is still to come. */
export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> => isThenable(value)

/** Resolves to an answer, and to false where there is none because asking for it failed. */
export async function orFalse(answer: MaybePromise<boolean> | undefined): Promise<boolean> {
  try {
    return (await answer) ?? false
  } catch {
    return false
  }
}
