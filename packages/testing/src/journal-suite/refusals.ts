import type { RefusalRow } from '@mailbox-hooks/core/journal'
import { expect, it } from 'vitest'
import { begun, type Fixture, newToken, rowOf } from './fixture.js'

export function refusalTests(fixture: Fixture): void {
  const refusalOf = (text: string, given: Partial<RefusalRow> = {}): RefusalRow => ({
    namespace: '',
    id: newToken(),
    at: 0,
    code: 'signature_invalid',
    provider: 'openmail',
    keyId: 'a1',
    content: Buffer.from(text),
    ...given,
  })

  const add = (text: string, keep = 100, given = {}) => fixture.store.addRefusal(refusalOf(text, given), keep)

  const kept = async (limit = 100) => {
    const rows = await fixture.store.refusals('', limit)
    return rows.map(({ content }) => Buffer.from(content).toString())
  }

  it('keeps what a refusal is given, and the time', async () => {
    await begun(fixture.store, 'openmail:evt_1')
    const { firstReceivedAt } = await rowOf(fixture.store, 'openmail:evt_1')
    const given = refusalOf('body', { content: Buffer.from([0, 128, 255]) })
    await fixture.store.addRefusal(given, 10)
    const [{ at, content, ...row } = refusalOf('none')] = await fixture.store.refusals('', 10)
    const { at: _, content: bytes, ...rest } = given
    expect(row).toEqual(rest)
    expect(Buffer.from(content)).toEqual(bytes)
    expect(Math.abs(at - firstReceivedAt)).toBeLessThan(60_000)
  })

  it('keeps a refusal of no provider', async () => {
    await add('body', 10, { provider: undefined })
    expect((await fixture.store.refusals('', 10))[0]?.provider).toBeUndefined()
  })

  it('returns the newest first, at most so many', async () => {
    for (const text of ['one', 'two', 'three']) await add(text)
    expect(await kept()).toEqual(['three', 'two', 'one'])
    expect(await kept(2)).toEqual(['three', 'two'])
  })

  it('deletes the oldest, so that at most so many stay', async () => {
    for (const text of ['one', 'two', 'three', 'four']) await add(text, 3)
    expect(await kept()).toEqual(['four', 'three', 'two'])
    await add('five', 1)
    expect(await kept()).toEqual(['five'])
  })
}
