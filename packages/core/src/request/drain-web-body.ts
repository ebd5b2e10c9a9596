import type { DrainLimits } from './draining.js'

type BodyReader = ReadableStreamDefaultReader<Uint8Array>

/**
 * Reads what is left of the body of a refused request and throws it away, within limits. Resolves to whether that was
 * all of it.
 *
 * Before the answer: afterwards a runtime closes the connection, or leaves the rest in it, in front of the next
 * request. Where more would come, its source is told after a while, because some runtimes cut the connection at once.
 */
export async function drainWebBody({ body }: Request, { bytes, totalMs, idleMs }: DrainLimits): Promise<boolean> {
  if (body === null) return true
  // Somebody else reads it, perhaps to the end.
  if (body.locked) return false
  const reader: BodyReader = body.getReader()
  const end = performance.now() + totalMs
  for (let left = bytes; left >= 0; ) {
    const next = await within(Math.min(idleMs, end - performance.now()), reader.read())
    if (next === 'late') break
    if (next === 'broken' || next.done) return true
    left -= next.value.length
  }
  const timer = setTimeout(() => reader.cancel().catch(() => undefined), idleMs)
  timer.unref?.()
  return false
}

/** The value in time, `late`, or `broken` where the promise rejects in time. */
function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late' | 'broken'> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, 'late')
    const settle = (value: T | 'broken') => {
      clearTimeout(timer)
      resolve(value)
    }
    promise.then(settle, () => settle('broken'))
  })
}
