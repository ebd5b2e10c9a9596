import { expect, it } from 'vitest'
import { attemptOf, begun, ended, type Fixture, ofKey, rowOf } from './fixture.js'

export function statsTests(fixture: Fixture): void {
  const stats = async () => {
    const rows = await fixture.store.stats('')
    return rows.map(({ provider, account, state, count }) => [provider, account, state, count].join(' ')).sort()
  }

  it('counts nothing in an empty journal', async () => {
    expect(await fixture.store.stats('')).toEqual([])
  })

  it('counts entries by provider, account and state', async () => {
    await ended(fixture.store, 'one', 'handled')
    await ended(fixture.store, 'two', 'handled')
    await ended(fixture.store, 'three', 'failed')
    await begun(fixture.store, 'four', { provider: 'inboxkit' })
    await begun(fixture.store, 'five', { provider: 'inboxkit', account: 'eu' })
    await begun(fixture.store, 'six', { as: 'queued', provider: 'inboxkit', account: 'eu' })
    const expected = [
      'openmail  handled 2',
      'openmail  failed 1',
      'inboxkit  received 1',
      'inboxkit eu received 1',
      'inboxkit eu queued 1',
    ]
    expect(await stats()).toEqual(expected.sort())
    expect((await fixture.store.stats('')).map(({ account }) => account)).toContain(undefined)
  })

  it('tells when the last delivery came', async () => {
    await ended(fixture.store, 'old', 'handled')
    await ended(fixture.store, 'again', 'handled')
    await fixture.outlast(0)
    await ended(fixture.store, 'new', 'handled')
    await fixture.outlast(0)
    await fixture.store.note(ofKey('again'), attemptOf({ kind: 'duplicate' }))
    const { lastReceivedAt } = await rowOf(fixture.store, 'again')
    expect(await fixture.store.stats('')).toMatchObject([{ lastReceivedAt }])
  })

  it('does not count what was erased', async () => {
    const { hash } = await ended(fixture.store, 'one', 'handled')
    await ended(fixture.store, 'two', 'handled')
    await fixture.store.erase({ namespace: '', hash })
    expect(await stats()).toEqual(['openmail  handled 1'])
  })
}
