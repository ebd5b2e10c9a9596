import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type PoolLike, transaction } from '../src/transaction.js'

/** A pool of one connection, which notes what it is told, and fails at some statements. */
function notingPool(...failsAt: readonly string[]) {
  const told: string[] = []
  const connection = Object.assign(new EventEmitter(), {
    query: async (text: string) => {
      told.push(text)
      if (failsAt.includes(text)) throw new Error(`planted at ${text}`)
      return { rows: [] }
    },
    release: (isBroken: boolean) => void told.push(isBroken ? 'close' : 'give back'),
  })
  return { pool: { connect: async () => connection } as unknown as PoolLike, told, connection }
}

const work = (client: { query(text: string): Promise<unknown> }) => client.query('WORK').then(() => undefined)

describe('a connection of the pool', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['given back after the transaction', [], ['BEGIN', 'WORK', 'COMMIT', 'give back']],
    ['rolled back where the work fails', ['WORK'], ['BEGIN', 'WORK', 'ROLLBACK', 'give back']],
    ['rolled back where it cannot commit', ['COMMIT'], ['BEGIN', 'WORK', 'COMMIT', 'ROLLBACK', 'give back']],
    // The transaction that is open on it would swallow the work of the next.
    ['closed where it cannot roll back', ['WORK', 'ROLLBACK'], ['BEGIN', 'WORK', 'ROLLBACK', 'close']],
  ])('is %s', async (_how, failsAt, expected) => {
    const { pool, told } = notingPool(...failsAt)
    const ended = transaction(pool, work)
    if (failsAt.length === 0) await ended
    else await expect(ended).rejects.toThrow(`planted at ${failsAt[0]}`)
    expect(told).toEqual(expected)
  })

  // An error without a listener ends the process. Listeners that stay pile up with each delivery.
  it('has a listener to its errors while it is lent, and none after 20 deliveries', async () => {
    const { pool, connection } = notingPool('ROLLBACK')
    for (let count = 0; count < 20; count++) {
      const fails = count % 2 === 1
      const ended = transaction(pool, async () => {
        expect(connection.listenerCount('error')).toBe(1)
        connection.emit('error', new Error('the connection was lost'))
        if (fails) throw new Error('planted')
      })
      await (fails ? expect(ended).rejects.toThrow('planted') : ended)
    }
    expect(connection.listenerCount('error')).toBe(0)
  })
})
