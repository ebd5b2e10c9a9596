import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuseOthers } from '../../../src/stores/refuse-others.js'
import { inAscii, readable } from '../../../src/stores/sql/event-hash.js'
import { NOT_MYSQL2, NOT_POSTGRES, NOT_SQLITE } from '../../../src/stores/sql/other-sql-clients.js'
import { untilDecided } from '../../../src/stores/sql/until-decided.js'
import { markWithin } from '../../../src/stores/sql/within.js'

// Without a database: what a transaction is asked, and what its answers are taken for.

const LOST = /^The claim was lost/
const MARK = { sql: 'UPDATE', params: [1, 'hash'] }
const OWN = { query: async () => ({ rowCount: 1 }) }

describe('a mark in a transaction', () => {
  it.each<[string, (run: (...args: unknown[]) => unknown) => unknown]>([
    ['of pg', (run) => ({ query: run })],
    ['of a query builder', (run) => run],
    ['of postgres.js', (run) => Object.assign(() => {}, { unsafe: run, savepoint() {} })],
    ['of a reserved connection', (run) => Object.assign(() => {}, { unsafe: run, release() {} })],
  ])('is one statement on the connection %s', async (kind, connection) => {
    const asked: unknown[] = []
    const isTagged = /postgres\.js|reserved/.test(kind)
    const run = async (...args: unknown[]) => {
      asked.push(args)
      return isTagged ? ['a row'] : { rowCount: 1 }
    }
    expect(await markWithin(connection(run), OWN, MARK)).toBe(true)
    expect(asked).toEqual([['UPDATE', [1, 'hash'], ...(isTagged ? [{ prepare: false }] : [])]])
  })

  it.each<[string, unknown, boolean]>([
    ['rowCount of 1', { rowCount: 1 }, true],
    ['rowCount of 0', { rowCount: 0 }, false],
    ['affectedRows of PGlite', { affectedRows: 1 }, true],
    ['none of them', { affectedRows: 0 }, false],
    ['affectedRows of mysql2', [{ affectedRows: 1 }, undefined], true],
    ['none of these', [{ affectedRows: 0 }, undefined], false],
    ['rowCount before affectedRows', { rowCount: 0, affectedRows: 1 }, false],
  ])('holds by the count of changed rows: %s', async (_what, result, holds) => {
    const marked = markWithin(async () => result as never, OWN, MARK)
    if (holds) return expect(await marked).toBe(true)
    await expect(marked).rejects.toThrow(LOST)
  })

  it.each([undefined, null, {}, [], { rowCount: undefined }, { rowCount: 'x' }])(
    'refuses a result without it: %j',
    async (result) => {
      const marked = markWithin(async () => result as never, OWN, MARK)
      await expect(marked).rejects.toThrow(
        'complete({ within }): the function must resolve to { rowCount }, the number of changed rows',
      )
      await expect(marked).rejects.toThrow(TypeError)
    },
  )

  it.each<[string, unknown, RegExp]>([
    ['the client of the store', OWN, /this is a pool, or the connection of the store itself, .*on which you ran BEGIN/],
    ['a pool of pg', { ...OWN, totalCount: 1 }, /this is a pool/],
    ['a pool of mysql2', { ...OWN, getConnection() {} }, /this is a pool/],
    ['sql of postgres.js', Object.assign(() => {}, { unsafe() {} }), /this is a pool/],
    ['null', null, /pass the connection of your transaction, or a function/],
    ['an object without query', { release() {} }, /pass the connection of your transaction/],
    ['a text', 'BEGIN', /pass the connection of your transaction/],
  ])('cannot be made by %s', async (_what, within, message) => {
    const marked = markWithin(within, OWN, MARK)
    await expect(marked).rejects.toThrow(TypeError)
    await expect(marked).rejects.toThrow(message)
  })

  describe('that changes nothing', () => {
    const none = async () => ({ rowCount: 0 })
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())

    it.each([true, false])('looks whether the claim is held elsewhere: %s', async (isHeld) => {
      const marked = markWithin(none, OWN, { ...MARK, isHeld: async () => isHeld })
      if (isHeld) expect(await marked).toBe(true)
      else await expect(marked).rejects.toThrow(LOST)
      expect(vi.getTimerCount()).toBe(0)
    })

    // The transaction may have the only connection of the pool.
    it('looks for two seconds', async () => {
      const told: string[] = []
      const marked = markWithin(none, OWN, { ...MARK, isHeld: () => new Promise(() => {}) }).catch(({ message }) =>
        told.push(message),
      )
      await vi.advanceTimersByTimeAsync(1_999)
      expect(told).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      await marked
      expect(told).toEqual([expect.stringMatching(LOST)])
    })
  })
})

describe('a statement that is not decided', () => {
  const conflict = () => Object.assign(new Error('deadlock'), { code: '40P01' })
  const undecided = (times: number, end: () => unknown, attempts: number[] = []) => ({
    attempts,
    attempt: async () => (attempts.push(Date.now()) > times ? (end() as number) : undefined),
  })

  it('is made again until it is', async () => {
    const { attempts, attempt } = undecided(3, () => 7)
    expect(await untilDecided(attempt)).toBe(7)
    expect(attempts).toHaveLength(4)
  })

  it('is made again after a conflict, and not after another error', async () => {
    let count = 0
    const attempt = async () => {
      count += 1
      throw count === 1 ? conflict() : new Error('planted')
    }
    await expect(untilDecided(attempt)).rejects.toThrow('planted')
    expect(count).toBe(2)
  })

  it('is given up once its time is over, and says what the last conflict was', async () => {
    const failure = conflict()
    const ended = untilDecided(() => Promise.reject(failure), { patienceMs: 20 })
    await expect(ended).rejects.toThrow('Another transaction holds a lock on the row.')
    await expect(ended).rejects.toMatchObject({ cause: failure })
  })

  it.each([1, 2, 5])('is made at least %i times, however long the first takes', async (leastAttempts) => {
    let count = 0
    const attempt = async () => {
      count += 1
      const until = performance.now() + 5
      while (performance.now() < until);
      return undefined
    }
    await expect(untilDecided(attempt, { patienceMs: 1, leastAttempts })).rejects.toThrow(/holds a lock/)
    expect(count).toBe(leastAttempts)
  })

  it('is made after longer and longer pauses, of 50 milliseconds at most', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const { attempts, attempt } = undecided(8, () => 7)
    const startedAt = performance.now()
    await untilDecided(attempt, { patienceMs: 10_000 })
    vi.restoreAllMocks()
    // 1 + 2 + 4 + 8 + 16 + 32 + 50 + 50
    expect(performance.now() - startedAt).toBeGreaterThan(155)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect(attempts).toHaveLength(9)
  })
})

describe('a text for people', () => {
  it('has what every database can store, and the beginning of a long one', () => {
    expect(readable('a\0b\ud800c')).toBe('a\ufffdb\ufffdc')
    expect(readable('x'.repeat(5_000))).toBe('x'.repeat(4_096))
    expect(inAscii('a é🎉~\n')).toBe('a \\u{e9}\\u{1f389}~\\u{a}')
  })
})

describe('a client of another library', () => {
  const methods = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, () => {}]))
  const callable = (...names: readonly string[]) => Object.assign(() => {}, methods(...names))

  it.each<[typeof NOT_POSTGRES, unknown, RegExp | undefined]>([
    [NOT_POSTGRES, callable('query'), /neon\(\)/],
    [NOT_POSTGRES, callable('query', 'connect'), undefined],
    [NOT_POSTGRES, callable('other'), undefined],
    [NOT_POSTGRES, methods('query'), undefined],
    [NOT_POSTGRES, { $pool: {} }, /pg-promise/],
    [NOT_POSTGRES, methods('oneOrNone', 'manyOrNone'), /pg-promise/],
    [NOT_POSTGRES, methods('oneOrNone'), undefined],
    [NOT_POSTGRES, methods('escapeId'), /MySQL or MariaDB/],
    [NOT_POSTGRES, methods('getQueryInterface'), /query builder/],
    [NOT_POSTGRES, methods('createQueryRunner'), /query builder/],
    [NOT_POSTGRES, methods('maybeOne', 'anyFirst'), /query builder/],
    [NOT_POSTGRES, methods('maybeOne'), undefined],
    [NOT_POSTGRES, callable('unsafe', 'savepoint'), /reserved connection/],
    [NOT_POSTGRES, callable('unsafe'), undefined],
    [NOT_POSTGRES, methods('release'), undefined],
    [NOT_POSTGRES, methods('querySync'), /pg-native/],
    [NOT_MYSQL2, methods('importFile'), /mariadb connector/],
    [NOT_MYSQL2, methods('batch', 'escapeId'), /mariadb connector/],
    [NOT_MYSQL2, methods('batch'), undefined],
    [NOT_MYSQL2, methods('escapeId'), undefined],
    [NOT_MYSQL2, methods('getConnection', 'of', 'add'), /cluster of pools/],
    [NOT_MYSQL2, methods('getConnection', 'of'), undefined],
    [NOT_SQLITE, methods('getRowsModified'), /sql\.js/],
    [NOT_SQLITE, methods('prepare', 'batch'), /D1/],
    [NOT_SQLITE, methods('prepare', 'batch', 'close'), undefined],
    [NOT_SQLITE, methods('prepare'), undefined],
    [NOT_SQLITE, methods('parallelize'), /sqlite3 uses callbacks/],
    [NOT_SQLITE, null, undefined],
    [NOT_SQLITE, 'parallelize', undefined],
  ])('is known by its methods', (others, client, advice) => {
    const check = () => refuseOthers('store', client, others)
    if (advice === undefined) return expect(check).not.toThrow()
    expect(check).toThrow(TypeError)
    expect(check).toThrow(advice)
    expect(check).toThrow(/^store: /)
  })
})
