import { memoryStore, type Outcome } from '@mailbox-hooks/core'
import { type BossLike, pgBossHandOff, pgBossProcessor } from '@mailbox-hooks/pg-boss'
import { describe, expect, it } from 'vitest'
import { DUPLICATE, QUEUED, REFUSED, receiverOf } from '../../../test/queues/sender.js'
import { idOf, notingBoss, SEALING } from './jobs.js'

describe('pgBossHandOff', () => {
  it('sends a job whose id is made of that of the event', async () => {
    const boss = notingBoss()
    expect(await receiverOf(pgBossHandOff(boss, 'deliveries', SEALING))('evt_1')).toBe(QUEUED)
    const id = idOf('cold-mail-reseller:evt_1')
    expect(boss.jobs).toEqual([['deliveries', expect.objectContaining({ id: 'cold-mail-reseller:evt_1' }), { id }]])
    expect(boss.asked).toEqual([])
  })

  // pg-boss answers null for a job that is there already, and for a queue that is not.
  it.each<[string, object | null, string]>([
    ['is there already is queued', {}, QUEUED],
    ['is nowhere is refused', null, REFUSED],
  ])('a job that pg-boss did not insert and that %s', async (_what, found, answer) => {
    const boss = notingBoss({ sent: null, found })
    const outcomes: Outcome[] = []
    const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
    expect(await receiverOf(pgBossHandOff(boss, 'deliveries', SEALING), { onOutcome })('evt_1')).toBe(answer)
    expect(boss.asked).toEqual([['deliveries', idOf('cold-mail-reseller:evt_1'), { includeArchive: true }]])
    if (found !== null) return
    const message = 'pg-boss took no job for the queue "deliveries": create it, with the policy "standard"'
    expect(outcomes).toMatchObject([{ error: { message } }])
  })

  it('is pinged by looking for a job that nobody has, also in the archive', async () => {
    const boss = notingBoss()
    await pgBossHandOff(boss, 'deliveries', SEALING).ping?.()
    expect(boss.asked).toEqual([['deliveries', expect.stringMatching(/^[0-]{36}$/), { includeArchive: true }]])
  })

  it('with a pool, sends the job and marks the event on one connection of it', async () => {
    const told: unknown[] = []
    const client = {
      query: async (...statement: unknown[]) => {
        told.push(statement)
        return { rows: ['a row'] }
      },
      release: () => told.push('give back'),
      on: () => {},
      off: () => {},
    }
    const boss = {
      ...notingBoss(),
      send: async (_queue: string, _data: unknown, settings: Parameters<BossLike['send']>[2]) => {
        expect(await settings.db?.executeSql('INSERT', [1])).toEqual({ rows: ['a row'] })
        return 'an id'
      },
    }
    let isMarked = false
    const memory = memoryStore()
    const store = {
      claim: memory.claim.bind(memory),
      release: memory.release.bind(memory),
      extend: memory.extend.bind(memory),
      complete: async (key: string, token: string, retentionMs: number, options?: { within?: unknown }) => {
        expect(options?.within).toBe(client)
        told.push('mark')
        isMarked = true
        return memory.complete(key, token, retentionMs)
      },
      isDone: async () => isMarked,
    }
    const handOff = pgBossHandOff(boss, 'deliveries', { ...SEALING, pool: { connect: async () => client } })
    const send = receiverOf(handOff, { store })
    expect(await send('evt_1')).toBe(QUEUED)
    expect(told).toEqual([['BEGIN'], ['INSERT', [1]], 'mark', ['COMMIT'], 'give back'])
    expect(await send('evt_1')).toBe(DUPLICATE)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['what is no pg-boss', () => pgBossHandOff({} as never, 'q', SEALING), /^pgBossHandOff: pass the instance of/],
    ['a queue that is no text', () => pgBossHandOff(notingBoss(), 7 as never, SEALING), /pass the name of the queue$/],
    ['no word about sealing', () => pgBossHandOff(notingBoss(), 'q', {}), /^pgBossHandOff: .*sealingKeys/],
    ['a worker without a word', () => pgBossProcessor({}, {}), /^pgBossProcessor: .*sealingKeys/],
  ])('is refused at start for %s', (_what, create, message) => {
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })
})
