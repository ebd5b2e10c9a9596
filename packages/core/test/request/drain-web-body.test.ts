import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { titled } from '../../../testing/src/titled.js'
import { drainWebBody } from '../../src/request/drain-web-body.js'

const LIMITS = { bytes: 1_000, totalMs: 10_000, idleMs: 2_000 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const post = (body?: ReadableStream) =>
  new Request('http://localhost', { method: 'POST', ...(body && { body, duplex: 'half' }) })

/** A piece of so many bytes each `everyMs`; with `pieces`, so many of them. */
function sender(bytes: number, { everyMs = 0, pieces = Number.POSITIVE_INFINITY } = {}) {
  let sent = 0
  const cancel = vi.fn()
  const body = new ReadableStream(
    {
      pull: async (controller) => {
        if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs))
        if (sent === pieces) return controller.close()
        sent += 1
        controller.enqueue(Buffer.alloc(bytes))
      },
      cancel,
    },
    { highWaterMark: 0 },
  )
  return { body, cancel, sent: () => sent }
}

it('reads a body to its end, and says so', async () => {
  const { body, sent } = sender(100, { pieces: 10 })
  expect(await drainWebBody(post(body), LIMITS)).toBe(true)
  expect(sent()).toBe(10)
})

it('has nothing to do where there is no body, or where its sender has gone', async () => {
  expect(await drainWebBody(post(), LIMITS)).toBe(true)
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
  expect(await drainWebBody(post(broken), LIMITS)).toBe(true)
})

it('goes on behind another reader that has let go, and does not wait for one that has not', async () => {
  const { body, sent } = sender(100, { pieces: 10 })
  const request = post(body)
  const reader = request.body!.getReader()
  await reader.read()
  expect(await drainWebBody(request, LIMITS)).toBe(false)
  reader.releaseLock()
  expect(await drainWebBody(request, LIMITS)).toBe(true)
  expect(sent()).toBe(10)
})

it('reads little more of a body without an end than it may, and lets its sender know later', async () => {
  const { body, cancel, sent } = sender(300)
  expect(await drainWebBody(post(body), LIMITS)).toBe(false)
  expect(sent()).toBe(4)
  expect(cancel).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(LIMITS.idleMs)
  expect(cancel).toHaveBeenCalled()
})

it.each(
  titled(
    [
      { what: 'comes', everyMs: 60_000, afterMs: LIMITS.idleMs, read: 0 },
      { what: 'comes often enough', everyMs: 1_500, afterMs: LIMITS.totalMs, read: 6 },
    ],
    'what',
  ),
)('waits so long for a body of which nothing %s', async ({ everyMs, afterMs, read }) => {
  const { body, sent } = sender(1, { everyMs })
  let drained: boolean | undefined
  drainWebBody(post(body), LIMITS).then((is) => {
    drained = is
  })
  await vi.advanceTimersByTimeAsync(afterMs - 1)
  expect(drained).toBe(undefined)
  await vi.advanceTimersByTimeAsync(1)
  expect([drained, sent()]).toEqual([false, read])
})

it('leaves no timer behind', async () => {
  await drainWebBody(post(sender(100, { pieces: 3 }).body), LIMITS)
  expect(vi.getTimerCount()).toBe(0)
})
