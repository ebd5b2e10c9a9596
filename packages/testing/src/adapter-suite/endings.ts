import { dispatch } from '@mailbox-hooks/core'
import { expect, it } from 'vitest'
import { titled } from '../titled.js'
import type { Handler } from './adapter-under-test.js'
import { messageReceived, signed } from './deliveries.js'
import { gate, REPLY, type Start } from './harness.js'
import { storeThatRollsBack } from './store-that-rolls-back.js'

/** A handler that first fails in one way and then succeeds. */
const failingOnce = (fail: Handler): Handler => {
  let runs = 0
  return async (delivery) => (++runs === 1 ? fail(delivery) : REPLY)
}

const FAILURES: readonly { what: string; fail: Handler; status: number }[] = [
  {
    what: 'that throws',
    fail: async () => {
      throw new Error('planted failure')
    },
    status: 500,
  },
  { what: 'that answers 500 without a throw', fail: async () => ({ status: 500, body: {} }), status: 500 },
  { what: 'that answers 404', fail: async () => ({ status: 404, body: {} }), status: 404 },
  { what: 'that answers with a redirection', fail: async () => ({ status: 302, body: {} }), status: 302 },
  { what: 'that streams an answer of 503', fail: async () => ({ status: 503, pieces: ['not ', 'now'] }), status: 503 },
]

const SUCCESSES: readonly { what: string; handle: Handler; status: number; text: string }[] = [
  { what: 'JSON', handle: async () => ({ status: 201, body: { a: 1 } }), status: 201, text: '{"a":1}' },
  { what: 'nothing but its status', handle: async () => ({ status: 204 }), status: 204, text: '' },
  { what: 'a stream', handle: async () => ({ status: 200, pieces: ['one', 'two'] }), status: 200, text: 'onetwo' },
]

export function endingsTests(start: Start): void {
  it.each(titled(FAILURES, 'what'))('handles the next attempt after a handler %s', async ({ fail, status }) => {
    const { send, runs, outcomes } = await start({}, failingOnce(fail))
    const delivery = signed(messageReceived())
    expect((await send(delivery)).status).toBe(status)
    expect((await send(delivery)).status).toBe(200)
    expect((await send(delivery)).json).toEqual({ received: true, duplicate: true })
    expect(runs).toHaveLength(2)
    expect(outcomes).toMatchObject([
      { kind: 'failed', status, settled: true },
      { kind: 'handled' },
      { kind: 'duplicate' },
    ])
  })

  it.each(titled(SUCCESSES, 'what'))('lets a handler answer with %s', async ({ handle, status, text }) => {
    const { send, runs } = await start({}, handle)
    const delivery = signed(messageReceived())
    const answer = await send(delivery)
    expect([answer.status, answer.text]).toEqual([status, text])
    expect((await send(delivery)).json).toEqual({ received: true, duplicate: true })
    expect(runs).toHaveLength(1)
  })

  it('counts the run of a handler whose client has left, and starts no second run', async () => {
    const { opened, open } = gate()
    const { send, entered, reported, runs, outcomes } = await start({}, async () => {
      await opened
      return REPLY
    })
    const delivery = signed(messageReceived())
    const client = new AbortController()
    const gone = send({ ...delivery, signal: client.signal })
    await entered(1)
    client.abort()
    await expect(gone).rejects.toThrow()
    expect((await send(delivery)).status).toBe(503)
    open()
    await reported(2)
    expect(outcomes).toMatchObject([{ kind: 'in-flight' }, { kind: 'handled', settled: true }])
    expect((await send(delivery)).json).toEqual({ received: true, duplicate: true })
    expect(runs).toHaveLength(1)
  })

  it('releases the event when a handler fails whose client has left', async () => {
    const { opened, open } = gate()
    const fail: Handler = async () => {
      await opened
      throw new Error('planted failure')
    }
    const { send, entered, reported, runs } = await start({}, failingOnce(fail))
    const delivery = signed(messageReceived())
    const client = new AbortController()
    const gone = send({ ...delivery, signal: client.signal })
    await entered(1)
    client.abort()
    await expect(gone).rejects.toThrow()
    open()
    await reported(1)
    expect((await send(delivery)).status).toBe(200)
    expect(runs).toHaveLength(2)
  })

  it('handles the next attempt when a handler has not ended within maxHandlerMs', async () => {
    const never = new Promise<never>(() => {})
    const { send, entered, reported, runs, outcomes } = await start(
      { maxHandlerMs: 500 },
      failingOnce(() => never),
    )
    const delivery = signed(messageReceived())
    const client = new AbortController()
    const unanswered = send({ ...delivery, signal: client.signal })
    await entered(1)
    const { signal } = runs[0]!
    expect(signal.aborted).toBe(false)
    await reported(1)
    expect(outcomes).toMatchObject([{ kind: 'abandoned', status: 0 }])
    expect(signal.aborted).toBe(true)
    expect((await send(delivery)).status).toBe(200)
    expect(runs).toHaveLength(2)
    client.abort()
    await expect(unanswered).rejects.toThrow()
  })

  it('lets the first complete() decide, despite the answer', async () => {
    const { send, runs } = await start({}, async (delivery) => {
      expect(await delivery.complete()).toBe(true)
      expect(await delivery.release()).toBe(false)
      throw new Error('planted failure')
    })
    const delivery = signed(messageReceived())
    expect((await send(delivery)).status).toBe(500)
    expect((await send(delivery)).json).toEqual({ received: true, duplicate: true })
    expect(runs).toHaveLength(1)
  })

  it('lets the first release() decide, despite the answer', async () => {
    const { send, runs } = await start({}, async (delivery) => {
      expect(await delivery.release()).toBe(true)
      expect(await delivery.complete()).toBe(false)
      return REPLY
    })
    const delivery = signed(messageReceived())
    await send(delivery)
    await send(delivery)
    expect(runs).toHaveLength(2)
  })

  it('replaces a 2xx when the transaction with the mark was rolled back', async () => {
    const store = storeThatRollsBack()
    const { send, runs, outcomes } = await start({ store }, async (delivery) => {
      if (runs.length === 1) await delivery.complete({ within: {} })
      return REPLY
    })
    const delivery = signed(messageReceived())
    const answer = await send(delivery)
    expect([answer.status, answer.json]).toEqual([503, { received: false, error: 'mark_not_committed' }])
    expect(answer.headers['content-length']).toBe(String(answer.text.length))
    expect((await send(delivery)).json).toEqual(REPLY.body)
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, code: 'mark_not_committed' }, { kind: 'handled' }])
    expect(runs).toHaveLength(2)
  })

  it('sends no complete streamed 2xx when the transaction with the mark was rolled back', async () => {
    const { send, reported, outcomes } = await start({ store: storeThatRollsBack() }, async (delivery) => {
      await delivery.complete({ within: {} })
      return { status: 200, pieces: ['one', 'two'] }
    })
    // Cut off if a part of the answer was already sent.
    const seen = await send(signed(messageReceived())).then(
      ({ status, text }) => `${status} ${text}`,
      () => 'cut off',
    )
    expect(['cut off', '503 {"received":false,"error":"mark_not_committed"}']).toContain(seen)
    await reported(1)
    expect(outcomes).toMatchObject([{ kind: 'failed', status: 503, code: 'mark_not_committed' }])
  })

  it.each(
    titled(
      [
        { handledBy: 'nobody', what: 'no function', maps: [{}] },
        { handledBy: 'nobody', what: 'no function in two maps', maps: [{}, { 'inbox.created': () => undefined }] },
        { handledBy: undefined, what: 'a function', maps: [{ 'message.received': () => undefined }] },
        { handledBy: undefined, what: 'otherwise', maps: [{ otherwise: () => undefined }] },
        { handledBy: undefined, what: 'a function in the first map', maps: [{ otherwise: () => undefined }, {}] },
        { handledBy: undefined, what: 'a function in the second map', maps: [{}, { otherwise: () => undefined }] },
        { handledBy: undefined, what: 'no map at all', maps: [] },
      ],
      ({ handledBy, what }) =>
        `${handledBy === 'nobody' ? 'says that nobody handled an event' : 'is silent about an event'} for which dispatch finds ${what}`,
    ),
  )('%s', async ({ handledBy, maps }) => {
    const { send, outcomes } = await start({}, async (delivery) => {
      for (const map of maps) dispatch(delivery, map)
      return REPLY
    })
    expect((await send(signed(messageReceived()))).json).toEqual(REPLY.body)
    expect(outcomes).toMatchObject([{ kind: 'handled' }])
    expect(outcomes[0]?.handledBy).toBe(handledBy)
  })

  it('is not disturbed by an onOutcome that throws', async () => {
    const { send } = await start({
      onOutcome: () => {
        throw new Error('planted failure')
      },
    })
    expect((await send(signed(messageReceived()))).json).toEqual(REPLY.body)
    expect((await send({ body: '{}' })).status).toBe(401)
  })

  it('survives an onOutcome whose promise rejects', async () => {
    const { send } = await start({
      onOutcome: async () => {
        throw new Error('planted failure')
      },
    })
    expect((await send(signed(messageReceived()))).json).toEqual(REPLY.body)
    expect((await send({ body: '{}' })).status).toBe(401)
  })
}
