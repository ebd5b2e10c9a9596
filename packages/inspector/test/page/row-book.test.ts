import { describe, expect, it } from 'vitest'
import { RowBook } from '../../page/src/state/row-book.js'
import { WaitingRows } from '../../page/src/state/waiting-rows.js'
import type { Row } from '../../src/api.js'

const row = (id: number, more: Partial<Row> = {}): Row => ({
  key: `e:${id}`,
  kind: 'entry',
  id: String(id),
  at: id,
  state: 'handled',
  status: 200,
  durationMs: 1,
  attempts: 1,
  ...more,
})

const idsOf = (book: RowBook) => Array.from({ length: book.size }, (_, index) => Number(book.at(index)?.id))

describe('the rows of the list', () => {
  it('keep their order between new ones above and older ones below', () => {
    const book = new RowBook(100)
    book.append([row(5), row(4)])
    book.push(row(6))
    book.push(row(7))
    book.append([row(3), row(2)])
    expect(idsOf(book)).toEqual([7, 6, 5, 4, 3, 2])
    expect([7, 6, 5, 4, 3, 2, 1].map((id) => book.indexOf(`e:${id}`))).toEqual([0, 1, 2, 3, 4, 5, -1])
  })

  it('are replaced at their places', () => {
    const book = new RowBook(100)
    book.append([row(2), row(1)])
    book.push(row(3))
    expect([book.replace(row(3, { status: 500 })), book.replace(row(1, { status: 401 }))]).toEqual([true, true])
    expect(book.replace(row(9))).toBe(false)
    expect([0, 1, 2].map((index) => book.at(index)?.status)).toEqual([500, 200, 401])
  })

  it('lose the oldest when there are too many', () => {
    const book = new RowBook(20)
    book.append([row(3), row(2), row(1)])
    for (let id = 4; id <= 200; id++) book.push(row(id))
    expect(book.size).toBeLessThanOrEqual(20)
    const ids = idsOf(book)
    expect(ids).toEqual(ids.map((_, index) => 200 - index))
    expect(ids.every((id, index) => book.indexOf(`e:${id}`) === index)).toBe(true)
    expect(book.indexOf('e:1')).toBe(-1)
  })

  it('wait while somebody reads, the newest of them', () => {
    const waiting = new WaitingRows(3)
    for (let id = 1; id <= 3; id++) waiting.put(row(id))
    expect(waiting.hasGap).toBe(false)
    waiting.put(row(2, { status: 500 }))
    waiting.put(row(4))
    expect([waiting.size, waiting.hasGap, waiting.has('e:1')]).toEqual([3, true, false])
    expect(waiting.takeAll().map(({ id, status }) => [id, status])).toEqual([
      ['2', 500],
      ['3', 200],
      ['4', 200],
    ])
    expect([waiting.size, waiting.hasGap]).toEqual([0, false])
  })
})
