import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  BATCHED,
  BATCHED_IN_PROCESS,
  Batcher,
  type BatchLimits,
  GIVES_WAY_MS,
  UNBATCHED,
} from '../../../src/stores/sql/batcher.js'

interface Row {
  readonly hash: string
}

/** A batcher whose statements end when the test says so. */
function setUp(limits: BatchLimits = BATCHED) {
  const sent: string[] = []
  const ends: ((error?: unknown) => void)[] = []
  const batcher = new Batcher<Row, string>({
    send: (rows) =>
      new Promise((resolve, reject) => {
        sent.push(rows.map(({ hash }) => hash).join(' '))
        const answers = new Map(rows.map(({ hash }) => [hash, `${hash}!`]))
        ends.push((error) => (error === undefined ? resolve(answers) : reject(error)))
      }),
    limits,
  })
  const add = (...hashes: string[]) => hashes.map((hash) => batcher.add({ hash }))
  /** Ends the statements that are in flight. */
  const end = async (error?: unknown) => {
    for (const one of ends.splice(0)) one(error)
    await nextTurn()
  }
  return { add, end, sent }
}

const sqlError = (code: string) => Object.assign(new Error('planted'), { code })

describe('a batcher', () => {
  it('sends a lone row at once', async () => {
    const { add, end, sent } = setUp()
    const [answer] = add('a')
    expect(sent).toEqual(['a'])
    await end()
    expect(await answer).toBe('a!')
  })

  it('sends what arrives while two statements are in flight as one statement, in order', async () => {
    const { add, end, sent } = setUp()
    const answers = add('b', 'a', 'e', 'c', 'd')
    expect(sent).toEqual(['b', 'a'])
    await end()
    expect(sent).toEqual(['b', 'a', 'c d e'])
    await end()
    expect(await Promise.all(answers)).toEqual(['b!', 'a!', 'e!', 'c!', 'd!'])
  })

  it('shares waiting rows among the free statements, once callers that were answered together have called again', async () => {
    const { add, end, sent } = setUp()
    const [, , c, d, e] = add('a', 'b', 'c', 'd', 'e')
    await end()
    expect(sent.slice(2)).toEqual(['c d e'])
    for (const [answer, next] of [
      [c, 'f'],
      [d, 'g'],
      [e, 'h'],
    ] as const)
      answer?.then(() => add(next, `${next}2`))
    await end()
    await nextTurn()
    expect(sent.slice(3)).toEqual(['f f2 g', 'g2 h h2'])
    await end()
  })

  it('sends each row by itself, at once, when it is not to batch', async () => {
    const { add, end, sent } = setUp(UNBATCHED)
    add('a', 'b', 'c', 'd')
    expect(sent).toEqual(['a', 'b', 'c', 'd'])
    await end()
  })

  it('lets the rows of one key take turns, also after one that failed', async () => {
    const { add, end, sent } = setUp()
    const [first, second, third, other] = add('a', 'a', 'a', 'b')
    const failed = [first, other].map((answer) => expect(answer).rejects.toThrow('planted'))
    expect(sent).toEqual(['a', 'b'])
    await end(sqlError('08006'))
    expect(sent).toEqual(['a', 'b', 'a'])
    await end()
    expect(sent).toEqual(['a', 'b', 'a', 'a'])
    await end()
    await Promise.all(failed)
    expect(await Promise.all([second, third])).toEqual(['a!', 'a!'])
  })

  it('repeats a refused statement row by row, so that a bad row fails alone', async () => {
    const { add, end, sent } = setUp()
    const [, , good, bad, last] = add('x', 'y', 'a', 'b', 'c')
    await end()
    await end(sqlError('23514'))
    await end()
    const failed = expect(bad).rejects.toThrow('planted')
    await end(sqlError('23514'))
    await end()
    expect(sent.slice(2)).toEqual(['a b c', 'a', 'b', 'c'])
    expect(await Promise.all([good, last])).toEqual(['a!', 'c!'])
    await failed
  })

  it('does not repeat row by row what failed as a whole', async () => {
    const { add, end, sent } = setUp()
    const answers = add('x', 'y', 'a', 'b')
    await end()
    const failed = answers.slice(2).map((answer) => expect(answer).rejects.toThrow('planted'))
    await end(sqlError('ECONNRESET'))
    await Promise.all(failed)
    expect(sent.slice(2)).toEqual(['a b'])
  })

  it('goes on without statements that are not answered, also with their keys: a connection may die without a word', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { add, end, sent } = setUp()
    const answers = add('a', 'b', 'a', 'c')
    vi.advanceTimersByTime(GIVES_WAY_MS - 1)
    expect(sent).toEqual(['a', 'b'])
    vi.advanceTimersByTime(1)
    expect(sent.slice(2).join(' ').split(' ').sort()).toEqual(['a', 'c'])
    await end()
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'a!', 'c!'])
    await nextTurn()
    const inFlight = sent.length
    add('d', 'e', 'f')
    expect(sent.slice(inFlight)).toEqual(['d', 'e'])
    await end()
  })

  it('gathers what arrives in one turn, where a statement cannot be in flight', async () => {
    const { add, end, sent } = setUp(BATCHED_IN_PROCESS)
    add('b', 'a')
    expect(sent).toEqual([])
    await nextTurn()
    await nextTurn()
    expect(sent).toEqual(['a b'])
    await end()
  })
})
