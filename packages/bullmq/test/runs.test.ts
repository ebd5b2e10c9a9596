import { bullmqHandOff, bullmqProcessor, deadLetters, type JobLike, redrive } from '@mailbox-hooks/bullmq'
import type { Outcome } from '@mailbox-hooks/core'
import { describe, expect, it } from 'vitest'
import { QUEUED, receiverOf } from '../../../test/queues/sender.js'

const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }

/** Returns the data of a delivery's job. */
async function packed(options: object = SEALING): Promise<unknown> {
  const jobs: unknown[] = []
  const queue = { add: async (_name: string, data: unknown) => jobs.push(data) }
  expect(await receiverOf(bullmqHandOff(queue, options))('evt_1')).toBe(QUEUED)
  return jobs[0]
}

/** Runs a job whose handler throws `error`, if there is one. */
async function run(job: Partial<JobLike>, error?: Error) {
  const outcomes: Outcome[] = []
  const handler = () => {
    if (error !== undefined) throw error
  }
  const processor = bullmqProcessor(handler, { ...SEALING, onOutcome: (outcome) => void outcomes.push(outcome) })
  const thrown: unknown = await processor({ id: 'job_1', data: await packed(), ...job }).catch((failure) => failure)
  return { thrown, outcome: outcomes[0] }
}

describe('a run of a job', () => {
  const failure = new RangeError('too far')
  const final = Object.assign(new Error('for good'), { name: 'UnrecoverableError' })

  it.each<[string, Partial<JobLike>, Error, object]>([
    ['the first of two attempts', { attemptsMade: 0, opts: { attempts: 2 } }, failure, { kind: 'failed', attempt: 1 }],
    ['the last of two', { attemptsMade: 1, opts: { attempts: 2 } }, failure, { kind: 'dead', attempt: 2 }],
    ['one after the last', { attemptsMade: 2, opts: { attempts: 2 } }, failure, { kind: 'dead', attempt: 3 }],
    ['the only one', { attemptsMade: 0 }, failure, { kind: 'dead', attempt: 1 }],
    ['the only one, by its options', { attemptsMade: 0, opts: {} }, failure, { kind: 'dead', attempt: 1 }],
    ['one of which nothing is known', {}, failure, { kind: 'failed' }],
    ['one that BullMQ does not retry', { attemptsMade: 0, opts: { attempts: 5 } }, final, { kind: 'dead', attempt: 1 }],
  ])('that fails is reported as %s, and its error is passed on', async (_which, job, error, outcome) => {
    const told = await run(job, error)
    expect(told.outcome).toMatchObject({
      ...outcome,
      jobId: 'job_1',
      error: { name: error.name, message: error.message },
    })
    expect(told.outcome?.attempt).toBe((outcome as { attempt?: number }).attempt)
    expect(told.thrown).toMatchObject({ name: error.name, message: error.message })
  })

  it('that succeeds returns nothing that BullMQ could store', async () => {
    const { thrown, outcome } = await run({ attemptsMade: 0 })
    expect([thrown, outcome?.kind]).toEqual([undefined, 'handled'])
  })

  it('is awaited by idle', async () => {
    let end = () => {}
    const running = new Promise<void>((resolve) => {
      end = resolve
    })
    const processor = bullmqProcessor(() => running, SEALING)
    const seen: string[] = []
    const runs = [processor({ data: await packed() }), processor.idle().then(() => seen.push('idle'))]
    await new Promise(setImmediate)
    expect(seen).toEqual([])
    end()
    await Promise.all(runs)
    expect(seen).toEqual(['idle'])
  })
})

describe('a queue', () => {
  const failed = (job: object) => ({ getFailed: async () => [{ data: null, ...job }] })

  it.each([undefined, null, 'deliveries'])('is missing at start: %j', async (queue) => {
    expect(() => bullmqHandOff(queue as never, SEALING)).toThrow('bullmqHandOff: pass the Queue of BullMQ')
    await expect(deadLetters(queue as never, SEALING)).rejects.toThrow('deadLetters: pass the Queue of BullMQ')
    await expect(redrive(queue as never, 'all')).rejects.toThrow('redrive: pass the Queue of BullMQ')
  })

  it('may hold plain text, if that is said', async () => {
    const data = await packed({ plaintext: true, keepMs: 0 })
    expect(data).toMatchObject({ id: 'cold-mail-reseller:evt_1' })
    const letters = await deadLetters(failed({ id: 'job_1', data }) as never, { plaintext: true, limit: 1 })
    expect(letters).toMatchObject([{ jobId: 'job_1', id: 'cold-mail-reseller:evt_1', type: 'mailbox.created' }])
  })

  it.each<[string, object, object | undefined]>([
    [
      'the newest stack',
      { failedReason: 'x', stacktrace: ['A: x', 'B: x', 'CError: x\n at a'] },
      { name: 'CError', message: 'x' },
    ],
    ['no name within a text', { failedReason: 'x', stacktrace: ['a RangeError: x'] }, { message: 'x' }],
    ['no stack', { failedReason: 'x', stacktrace: [] }, { message: 'x' }],
    ['no reason', { stacktrace: ['RangeError: x'] }, undefined],
  ])('tells of the error of a job: %s', async (_what, job, error) => {
    const [letter] = await deadLetters(failed(job) as never, SEALING)
    expect([letter?.jobId, letter?.error]).toEqual(['', error])
  })

  it('is told to put failed jobs back', async () => {
    const states: unknown[] = []
    const job = { id: 'job_1', retry: async (state: string) => states.push(state), getState: async () => 'failed' }
    expect(await redrive(failed(job) as never, 'all')).toBe(1)
    expect(states).toEqual(['failed'])
  })

  it.each(['a text', new Error('READONLY within ERR READONLY'.slice(9)), new Error('ERR unknown')])(
    'has its failures passed on, where there is nothing to advise: %s',
    async (failure) => {
      const handOff = bullmqHandOff({ add: () => Promise.reject(failure) }, { plaintext: true })
      const delivery = {
        id: 'a',
        event: { type: 'ping', payload: {} },
        receivedAt: new Date(),
        sentAt: new Date(),
        rawBody: () => Buffer.from('{}'),
      }
      const terms = { jobId: 'a', keepMs: 1, credentials: [], trace: undefined }
      await expect(handOff(delivery as never, terms as never)).rejects.toBe(failure)
    },
  )
})
