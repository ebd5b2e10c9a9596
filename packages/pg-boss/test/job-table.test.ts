import { type DeadLetterBossLike, deadLetters, redrive } from '@mailbox-hooks/pg-boss'
import { describe, expect, it } from 'vitest'

const SEALING = { sealingKeys: [new Uint8Array(32).fill(7)] }

/** An instance whose own statements are `statements`, on a database that holds nothing. */
function bossWith(...statements: readonly string[]) {
  const asked: unknown[][] = []
  const executeSql = async (text: string, values: unknown[] = []) => {
    asked.push([text, values])
    return { rows: /to_regclass/.test(text) ? [{ found: false }] : [] }
  }
  return {
    asked,
    getDb: () => ({ executeSql }),
    getJobById: async (
      _queue: string,
      _id: string,
      { db }: { db: { executeSql(text: string): Promise<{ rows: unknown[] }> } },
    ) => {
      for (const text of statements) expect(await db.executeSql(text)).toEqual({ rows: [] })
    },
    send: async () => null,
    deleteJob: async () => null,
  }
}

const asBoss = (boss: object) => boss as DeadLetterBossLike

describe('the schema of pg-boss', () => {
  it.each<[string, readonly string[], string]>([
    ['pgboss', ['SELECT * FROM pgboss.job WHERE name = $1'], 'pgboss'],
    ['in small letters, behind white space', ['select *\n from \t $boss_2.job_common'], '$boss_2'],
    ['in quotes', ['SELECT * FROM "my schema".job'], '"my schema"'],
    ['with quotes in it', ['SELECT * FROM "my ""own"" one".job'], '"my ""own"" one"'],
    ['in the second statement', ['SET x = 1', 'SELECT * FROM pgboss.job'], 'pgboss'],
  ])('is read from a statement that it makes: %s', async (_what, statements, schema) => {
    const boss = bossWith(...statements)
    expect(await deadLetters(asBoss(boss), 'deliveries', SEALING)).toEqual([])
    const [[, table] = [], [text, values] = []] = boss.asked
    expect(table).toEqual([`${schema}.archive`])
    expect(text).toContain(` FROM ${schema}.job WHERE `)
    expect(text).not.toMatch(/UNION|archive/)
    expect(values).toEqual(['deliveries', 1_000])
  })

  it.each([[], ['SELECT 1'], ['SELECT * FROM job']].map((statements) => [statements]))(
    'may be nowhere to be found: %j',
    async (statements) => {
      const message = 'The schema of pg-boss cannot be found. Is this version 10 to 12?'
      await expect(redrive(asBoss(bossWith(...statements)), 'deliveries', 'all')).rejects.toThrow(message)
    },
  )

  it('is asked for nothing more where there is no job', async () => {
    const boss = bossWith('SELECT * FROM pgboss.job')
    expect(await redrive({ boss: asBoss(boss), queue: 'deliveries' }, 'all')).toBe(0)
    expect(boss.asked.map(([, values]) => values)).toEqual([['pgboss.archive'], ['deliveries', null], ['deliveries']])
  })
})

describe('an instance and its queue', () => {
  const good = asBoss(bossWith('SELECT * FROM pgboss.job'))
  const read = (boss: unknown, queue: unknown, options: object = SEALING) =>
    deadLetters(boss as never, queue as never, options)

  it.each<[string, () => Promise<unknown>, string]>([
    ['nothing', () => read(undefined, 'q'), 'deadLetters: pass the instance of pg-boss'],
    ['no getDb', () => read({ getJobById() {} }, 'q'), 'deadLetters: pass the instance of pg-boss'],
    ['no getJobById', () => read({ getDb() {} }, 'q'), 'deadLetters: pass the instance of pg-boss'],
    ['no queue', () => read(good, ''), 'deadLetters: pass the name of the queue'],
    ['a queue that is no text', () => read(good, 7), 'deadLetters: pass the name of the queue'],
    [
      'a limit of 0',
      () => read(good, 'q', { ...SEALING, limit: 0 }),
      'deadLetters: limit must be a whole number above 0',
    ],
    ['a limit of 1.5', () => read(good, 'q', { ...SEALING, limit: 1.5 }), 'deadLetters: limit must be a whole number'],
    ['a misspelt option', () => read(good, 'q', { ...SEALING, limits: 1 }), 'deadLetters: there is no option limits'],
    ['no word about sealing', () => read(good, 'q', {}), 'deadLetters: '],
    ['nothing to redrive on', () => redrive(undefined as never, 'q', 'all'), 'redrive: pass the instance of pg-boss'],
    ['one id', () => redrive(good, 'q', 'evt_1' as never), "redrive: pass a list of ids, or 'all'"],
    ['an unknown id', () => redrive(good, 'q', ['evt_1']), 'redrive: the queue "q" has no job "evt_1"'],
  ])('are checked: %s', async (_what, act, message) => {
    await expect(act()).rejects.toThrow(message)
    if (!message.includes('no job')) await expect(act()).rejects.toThrow(TypeError)
  })

  it('take the smallest limit, and plain text', async () => {
    const boss = bossWith('SELECT * FROM pgboss.job')
    await deadLetters(asBoss(boss), 'q', { plaintext: true, limit: 1 })
    expect(boss.asked[1]?.[1]).toEqual(['q', 1])
  })
})
