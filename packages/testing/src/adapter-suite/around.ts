import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, it } from 'vitest'
import { messageReceived, signed } from './deliveries.js'
import { REPLY, type Start } from './harness.js'

const QUEUED = { received: true, queued: true }

/** Tests the queue and the observer. */
export function aroundTests(start: Start): void {
  it('answers as soon as the queue has the event, and runs no handler', async () => {
    const queue: string[] = []
    const { send, runs, outcomes } = await start({ handOff: async ({ id }) => queue.push(id) })
    const delivery = signed(messageReceived('evt_1'))
    const answer = await send(delivery)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual(QUEUED)
    expect((await send(delivery)).json).toEqual({ received: true, duplicate: true })
    expect(queue).toEqual(['openmail:evt_1'])
    expect(runs).toEqual([])
    expect(outcomes).toMatchObject([{ kind: 'queued', status: 200 }, { kind: 'duplicate' }])
  })

  it('answers 503 when the queue does not take the event in time', async () => {
    const { send, outcomes } = await start({ handOff: () => new Promise(() => {}), handOffTimeoutMs: 50 })
    const answer = await send(signed(messageReceived()))
    expect(answer.status).toBe(503)
    expect(answer.json).toEqual({ received: false, error: 'hand_off_failed' })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(outcomes).toMatchObject([{ kind: 'rejected', code: 'hand_off_failed' }])
  })

  it("runs the handler inside the observer's context, to the handler's end", async () => {
    const around = new AsyncLocalStorage<string>()
    const steps: string[] = []
    const { send } = await start(
      {
        observer: {
          begin: () => ({
            enter: (step) => steps.push(step),
            leave: () => steps.push('left'),
            run: (handler) => around.run('the span', handler),
            end: ({ kind }) => steps.push(kind),
          }),
        },
      },
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        steps.push(`in ${around.getStore()}`)
        return REPLY
      },
    )
    await send(signed(messageReceived()))
    expect(steps).toEqual(['verify', 'claim', 'handler', 'in the span', 'left', 'handled'])
  })

  const fail = () => {
    throw new Error('The observer failed')
  }
  it.each<[string, <T>(handler: () => T) => T]>([
    ['everywhere but around the handler', (handler) => handler()],
    ['before the handler, too', fail],
    [
      'after the handler, too',
      (handler) => {
        handler()
        return fail()
      },
    ],
  ])('is not disturbed by an observer that throws %s', async (_where, run) => {
    const { send, runs } = await start({ observer: { begin: () => ({ enter: fail, leave: fail, run, end: fail }) } })
    expect((await send(signed(messageReceived()))).json).toEqual(REPLY.body)
    expect(runs).toHaveLength(1)
  })
}
