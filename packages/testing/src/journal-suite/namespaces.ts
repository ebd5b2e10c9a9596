import { expect, it } from 'vitest'
import {
  aboutOf,
  attemptOf,
  begun,
  ended,
  type Fixture,
  hashOf,
  KEY_ID,
  ofKey,
  queryOf,
  rerunOf,
  rowOf,
  SHORT_MS,
  takingOf,
} from './fixture.js'

const SHOP = 'shop'
const OTHERS = ['', 'Shop', 'shop ', 'sho', 'shop\0', '%', `${'s'.repeat(500)}`]

export function namespaceTests(fixture: Fixture): void {
  /** An entry in the namespace `shop`. */
  const inShop = (given = {}) => begun(fixture.store, 'shop/openmail:evt_1', { namespace: SHOP, ...given })

  it('finds and reads the entries of one namespace', async () => {
    const { hash } = await inShop({ about: [aboutOf('ada')] })
    for (const namespace of OTHERS) {
      expect(await fixture.store.read(namespace, hash)).toBeUndefined()
      expect(await fixture.store.find(queryOf({ namespace }))).toEqual([])
      expect(await fixture.store.find(queryOf({ namespace, states: ['received'] }))).toEqual([])
      expect(await fixture.store.find(queryOf({ namespace, about: [aboutOf('ada')] }))).toEqual([])
    }
    expect(await fixture.store.find(queryOf({ namespace: SHOP, about: [aboutOf('ada')] }))).toHaveLength(1)
  })

  it('takes namespaces as odd as they may be', async () => {
    const odd = ['a\0b', '\ud800', '📬', 'ü', "';--", 'n'.repeat(5_000), ' ']
    for (const [index, namespace] of odd.entries()) {
      const { hash } = await begun(fixture.store, `odd_${index}`, { namespace })
      expect((await fixture.store.read(namespace, hash))?.state).toBe('received')
      expect(await fixture.store.find(queryOf({ namespace }))).toHaveLength(1)
    }
  })

  it('takes due entries of one namespace', async () => {
    await inShop({ as: 'queued', nextAttemptInMs: 0 })
    for (const namespace of OTHERS) expect(await fixture.store.take(takingOf({ namespace }))).toEqual([])
    expect(await fixture.store.take(takingOf({ namespace: SHOP }))).toHaveLength(1)
  })

  it('reruns entries of one namespace', async () => {
    const { hash } = await inShop({ as: 'failed' })
    const rerun = { ...rerunOf(''), hash, keyIds: [KEY_ID] }
    expect(await fixture.store.rerun(rerun)).toEqual({ status: 'missing' })
    expect(await fixture.store.rerun({ ...rerun, namespace: SHOP })).toMatchObject({ status: 'begun' })
  })

  it('notes attempts in entries of one namespace', async () => {
    await inShop()
    await fixture.store.note(ofKey('shop/openmail:evt_1'), attemptOf())
    expect((await fixture.store.read(SHOP, hashOf('shop/openmail:evt_1')))?.attempts).toEqual([])
  })

  it('erases entries of one namespace', async () => {
    const { hash } = await inShop({ about: [aboutOf('ada')] })
    await begun(fixture.store, 'own', { about: [aboutOf('ada')] })
    expect(await fixture.store.erase({ namespace: '', hash })).toBe(0)
    expect(await fixture.store.erase({ namespace: '', about: [aboutOf('ada')] })).toBe(1)
    expect(await fixture.store.read(SHOP, hash)).toBeDefined()
  })

  it('purges entries of one namespace', async () => {
    await inShop({ as: 'failed' })
    await begun(fixture.store, 'own', { as: 'failed' })
    await fixture.outlast(SHORT_MS)
    const purge = { keepMs: SHORT_MS, limit: 10 }
    expect(await fixture.store.purge({ ...purge, namespace: '' })).toBe(1)
    expect(await fixture.store.purge({ ...purge, namespace: SHOP })).toBe(1)
  })

  it('counts entries of one namespace', async () => {
    await inShop()
    await ended(fixture.store, 'own', 'failed')
    expect(await fixture.store.stats(SHOP)).toMatchObject([{ state: 'received', count: 1 }])
    expect((await rowOf(fixture.store, 'own')).state).toBe('failed')
    expect(await fixture.store.stats('')).toMatchObject([{ state: 'failed', count: 1 }])
  })

  it('keeps refusals of each namespace', async () => {
    const refusal = {
      id: 'a0'.repeat(16),
      at: 0,
      code: 'body_invalid',
      provider: undefined,
      keyId: '',
      content: new Uint8Array(),
    }
    await fixture.store.addRefusal({ ...refusal, namespace: SHOP }, 1)
    await fixture.store.addRefusal({ ...refusal, namespace: '', id: 'b1'.repeat(16) }, 1)
    expect(await fixture.store.refusals(SHOP, 10)).toMatchObject([{ namespace: SHOP, id: refusal.id }])
    expect(await fixture.store.refusals('', 10)).toHaveLength(1)
  })
}
