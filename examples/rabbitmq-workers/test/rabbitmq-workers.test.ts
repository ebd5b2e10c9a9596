import { memoryStore, type Outcome } from '@mailbox-hooks/core'
import type { QueuedDelivery } from '@mailbox-hooks/core/queue'
import { handOffSuite } from '@mailbox-hooks/testing/suites'
import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { receiverOf } from '../../../test/queues/sender.ts'
import { findRabbitmq, runName } from '../../../test/servers/services.ts'
import { run } from '../../run-example.ts'
import { consume, declareQueue, rabbitmqHandOff, redriveAll } from '../rabbitmq-queue.ts'

const { url, isAbsent } = await findRabbitmq()
const sealingKeys = [new Uint8Array(32).fill(7)]

async function openQueue() {
  const name = runName()
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  await declareQueue(channel, name)
  // One for all workers of a test, as they would share a database.
  const store = memoryStore()
  return {
    name,
    channel,
    store,
    handOff: rabbitmqHandOff(channel, name, sealingKeys),
    work: (handler: (delivery: QueuedDelivery) => unknown, options = {}) =>
      consume(channel, name, handler, { sealingKeys, store, ...options }),
    close: async () => {
      for (const queue of [name, `${name}.dead`]) await channel.deleteQueue(queue)
      await connection.close()
    },
  }
}

handOffSuite({
  name: 'the hand-off of rabbitmq-workers',
  skip: isAbsent,
  open: async () => {
    const queue = await openQueue()
    return {
      ...queue,
      // Takes the message out, and puts it back.
      everythingStored: async () => {
        const message = await queue.channel.get(queue.name)
        if (message === false) return ''
        queue.channel.nack(message)
        return message.content.toString()
      },
    }
  },
})

describe.skipIf(isAbsent)('rabbitmq-workers', () => {
  it('gives a job up after its retries, reports so, and redrives it', async () => {
    const queue = await openQueue()
    onTestFinished(queue.close)
    await receiverOf(queue.handOff)('evt_1')
    let handler = (): unknown => Promise.reject(new Error('away'))
    const outcomes: Outcome[] = []
    const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
    const stop = await queue.work(() => handler(), { onOutcome })
    await vi.waitFor(() => expect(outcomes.map(({ kind }) => kind)).toContain('dead'))
    expect(outcomes.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6])
    handler = () => undefined
    await vi.waitFor(async () => expect(await redriveAll(queue.channel, queue.name)).toBe(1))
    await vi.waitFor(() => expect(outcomes.at(-1)).toMatchObject({ kind: 'handled', attempt: 1 }))
    await stop()
  })

  it('does each event once, though a worker is killed in the middle of one', { timeout: 60_000 }, async () => {
    const { status, output } = await run('rabbitmq-workers', { RABBITMQ_URL: url })
    expect(output).toContain('51 jobs are in the queue.')
    expect(output).toContain('was killed by kill -9')
    expect(output).toMatch(/Workers 2 and 3 did 51 jobs of 51 events/)
    expect(status, output).toBe(0)
  })
})
