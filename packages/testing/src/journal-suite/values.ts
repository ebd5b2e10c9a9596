import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { aboutOf, attemptOf, begun, type Fixture, ofKey, queryOf, rowOf, sealedAs } from './fixture.js'

/** As texts of a provider may be, and as a store could stumble over them or take them for one another. */
const TEXTS = ['a', 'A', 'a ', 'ä', 'a\u0308', '📬', '\'"\\%_', 'a\0b', '\ud800', '{a,b}', '$1?', 'null', 'NULL']

export function valueTests(fixture: Fixture): void {
  it('keeps bytes as they are', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const parts = [all, Buffer.from('\\x00\\'), Buffer.alloc(0), Buffer.from([0]), randomBytes(100_000)]
    await Promise.all(
      parts.map((content, index) =>
        begun(fixture.store, `entry_${index}`, {
          sealed: { ...sealedAs('x'), meta: content.subarray(0, 1_000), content },
        }),
      ),
    )
    for (const [index, content] of parts.entries()) {
      const row = await rowOf(fixture.store, `entry_${index}`)
      expect(Buffer.from(row.content).equals(content)).toBe(true)
      expect(Buffer.from(row.meta).equals(content.subarray(0, 1_000))).toBe(true)
    }
  })

  it('keeps the content of a large delivery', async () => {
    const content = randomBytes(5_000_000)
    await begun(fixture.store, 'large', { sealed: { ...sealedAs('x'), content } })
    expect(Buffer.from((await rowOf(fixture.store, 'large')).content).equals(content)).toBe(true)
  })

  it('keeps many contents that are large together', async () => {
    const content = randomBytes(300_000)
    const keys = Array.from({ length: 60 }, (_, index) => `entry_${index}`)
    await Promise.all(keys.map((key) => begun(fixture.store, key, { sealed: { ...sealedAs('x'), content } })))
    expect((await rowOf(fixture.store, 'entry_59')).content).toHaveLength(300_000)
  })

  it('tells types, providers and accounts apart', async () => {
    await Promise.all(
      TEXTS.map((text, index) => begun(fixture.store, `entry_${index}`, { type: text, provider: text, account: text })),
    )
    for (const text of TEXTS) {
      const [byType, byProvider, byAccount] = await Promise.all([
        fixture.store.find(queryOf({ type: text })),
        fixture.store.find(queryOf({ provider: text })),
        fixture.store.find(queryOf({ account: text })),
      ])
      expect([byType.length, byProvider.length, byAccount.length], JSON.stringify(text)).toEqual([1, 1, 1])
    }
  })

  it('tells an empty account from none', async () => {
    await begun(fixture.store, 'none')
    await begun(fixture.store, 'empty', { account: '' })
    expect((await rowOf(fixture.store, 'empty')).account).toBe('')
    expect(await fixture.store.find(queryOf({ account: '' }))).toHaveLength(1)
  })

  it('keeps entries of many tokens', async () => {
    const about = Array.from({ length: 200 }, (_, index) => aboutOf(`address_${index}`))
    await begun(fixture.store, 'many', { about })
    expect(await fixture.store.find(queryOf({ about: about.slice(199) }))).toHaveLength(1)
    expect(await fixture.store.find(queryOf({ about }))).toHaveLength(1)
  })

  it('keeps an entry that names a token twice', async () => {
    await begun(fixture.store, 'twice', { about: [aboutOf('ada'), aboutOf('ada')] })
    expect(await fixture.store.find(queryOf({ about: [aboutOf('ada')] }))).toHaveLength(1)
  })

  it('keeps times before 1970 and far from now', async () => {
    await begun(fixture.store, 'early', { occurredAtMs: -1 })
    await begun(fixture.store, 'late', { occurredAtMs: 253_402_300_799_999 })
    expect(await fixture.store.find(queryOf({ occurredAfter: -2 }))).toHaveLength(2)
    expect(await fixture.store.find(queryOf({ occurredAfter: -1 }))).toHaveLength(1)
  })

  it('keeps lengths that are longer than any life', async () => {
    const centuries = Number.MAX_SAFE_INTEGER
    const given = { windowMs: centuries, leaseMs: centuries, retrySpanMs: centuries, nextAttemptInMs: centuries }
    const { hash, token } = await begun(fixture.store, 'long', given)
    await begun(fixture.store, 'queued', { ...given, as: 'queued' })
    expect(await fixture.store.extend(hash, token, centuries)).toBe(true)
    expect(await fixture.store.finish(hash, token, { state: 'failed', next: 'after-provider' })).toBe(true)
    await fixture.store.note(ofKey('long'), attemptOf({ durationMs: 1e12 }))
    expect(await fixture.store.find(queryOf({ states: ['failed', 'queued'] }))).toHaveLength(2)
  })
}
