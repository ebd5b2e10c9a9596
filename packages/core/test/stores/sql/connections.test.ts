import { type PostgresClientLike, postgresStore } from '@mailbox-hooks/core/sql'
import { describe, expect, it } from 'vitest'
import { inTransaction, type MysqlPoolLike } from '../../../src/stores/sql/mysql-client.js'

/** A pool of one connection, which notes what it is told, and fails at one thing. */
function notingPool(failsAt?: string) {
  const told: string[] = []
  const tell = (what: string, result?: unknown) => async (): Promise<unknown> => {
    told.push(what)
    if (what === failsAt) throw new Error(`planted at ${what}`)
    return result
  }
  const connection = {
    execute: async ({ sql }: { sql: string }) => (await tell(sql, [{ affectedRows: 1 }])()) as [unknown],
    beginTransaction: tell('BEGIN'),
    rollback: tell('ROLLBACK'),
    release: () => void told.push('release'),
    destroy: () => void told.push('destroy'),
  }
  const pool = { getConnection: async () => connection } as unknown as MysqlPoolLike
  return { pool, told }
}

const failing = (): Promise<string> => Promise.reject(new Error('planted'))

describe('a connection that a pool of mysql2 lends', () => {
  it('is given back after a transaction', async () => {
    const { pool, told } = notingPool()
    expect(await inTransaction(pool, async () => 'done')).toBe('done')
    expect(told).toEqual(['BEGIN', 'COMMIT AND NO CHAIN', 'release'])
  })

  it.each<[string, string | undefined, () => Promise<string>]>([
    ['what is to be done fails', undefined, failing],
    ['it cannot commit', 'COMMIT AND NO CHAIN', async () => 'done'],
  ])('rolls back and is given back where %s', async (_what, failsAt, act) => {
    const { pool, told } = notingPool(failsAt)
    await expect(inTransaction(pool, act)).rejects.toThrow(/^planted/)
    expect(told.slice(-2)).toEqual(['ROLLBACK', 'release'])
  })

  // Its transaction would stay open, and swallow what the next one writes.
  it('is closed where it cannot roll back', async () => {
    const { pool, told } = notingPool('ROLLBACK')
    await expect(inTransaction(pool, failing)).rejects.toThrow('planted')
    expect(told).toEqual(['BEGIN', 'ROLLBACK', 'destroy', 'release'])
  })
})

describe('a single connection of pg', () => {
  /** A connection in some state, which notes how many statements it has at once. */
  function connection(status: 'I' | 'T' | 'E' = 'I') {
    let running = 0
    const seen: number[] = []
    const query = async (): Promise<{ rows: unknown[] }> => {
      running += 1
      seen.push(running)
      await new Promise(setImmediate)
      running -= 1
      if (seen.length === 1) throw new Error('planted')
      return { rows: [] }
    }
    return { client: { query, getTransactionStatus: () => status } as unknown as PostgresClientLike, seen }
  }

  it('gets one statement at a time, also after one that failed', async () => {
    const { client, seen } = connection()
    const store = postgresStore(client)
    const results = await Promise.allSettled(['a', 'b', 'c'].map((entity) => store.position!(entity)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(seen).toEqual([1, 1, 1])
  })

  it.each(['T', 'E'] as const)('gets none while a transaction is open on it, in state %s', async (status) => {
    const { client, seen } = connection(status)
    await expect(postgresStore(client).position!('a')).rejects.toThrow(/a transaction is open on the connection/)
    expect(seen).toEqual([])
  })
})
