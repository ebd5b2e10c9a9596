import { adviceOf, codeOf, type WebhookError } from '../errors.js'
import { isPromise, type MaybePromise } from '../options/maybe-promise.js'
import { answerOf } from '../stores/instant-answer.js'
import type { Timeouts } from '../timeouts.js'

export interface Guard {
  readonly timeouts: Timeouts
  readonly timeoutMs: number
  /** Names what is asked, to begin a sentence: "The store". */
  readonly subject: string
  readonly unavailable: (message: string, cause?: unknown) => WebhookError
}

/** Undoes a result that arrived after the time-out. */
type Undo<T> = (late: T) => unknown

/** Calls a database, which may have lost its server. It ends in time, and fails with `unavailable` and nothing else. */
export async function inTime<T>(call: () => Promise<T>, guard: Guard, undoLate?: Undo<T>): Promise<T> {
  return atOnceOrInTime(call, guard, undoLate)
}

/** The same, but returns the result itself if it was there at once. */
export function atOnceOrInTime<T>(call: () => Promise<T>, guard: Guard, undoLate?: Undo<T>): MaybePromise<T> {
  const answer = ask(call)
  return isPromise(answer) ? limited(answer, guard, undoLate) : answer
}

/** Calls a store, and returns its answer itself if it was there at once. Never throws. */
export function ask<T>(call: () => Promise<T>): MaybePromise<T> {
  return answerOf(start(call))
}

/** Ends in time, and fails with `unavailable` and nothing else. */
export function limited<T>(answer: Promise<T>, guard: Guard, undoLate?: Undo<T>): Promise<T> {
  const { timeouts, timeoutMs, subject, unavailable } = guard
  return new Promise((resolve, reject) => {
    let isLate = false
    const timeout = timeouts.start(timeoutMs, () => {
      isLate = true
      reject(unavailable(`${subject} did not answer within ${timeoutMs} ms.`))
      timeouts.waitUntil(ended)
    })
    const ended = answer.then(
      (result) => {
        timeouts.stop(timeout)
        if (!isLate) return resolve(result)
        // If the undo fails too, the lease ends on its own.
        return start(async () => undoLate?.(result)).catch(() => undefined)
      },
      (cause) => {
        timeouts.stop(timeout)
        reject(unavailable(`${subject} failed${codeOf(cause)}.${adviceOf(cause)}`, cause))
      },
    )
  })
}

/** What throws instead of rejecting has failed just the same. */
function start<T>(call: () => Promise<T>): Promise<T> {
  try {
    return Promise.resolve(call())
  } catch (error) {
    return Promise.reject(error)
  }
}
