import { inspect } from 'node:util'
import { coldMailReseller, type JournalChange, memoryJournal, openMail } from '@mailbox-hooks/core'
import { knownProvidersOf } from '@mailbox-hooks/core/journal'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { durableJournal, mail, settled, setUp } from './journaled.js'

describe('journal.arrivals', () => {
  it('has for each attempt its bytes, its steps in their order, its reading and its secret', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal, providers: [openMail({ secrets: ['other', 'key'] })] })
    const sent = mail('evt_1')
    await deliver(sent)
    await deliver(sent)
    await settled()
    const [first, second] = await journal.arrivals('openmail:evt_1')
    expect(first).toMatchObject({ attempt: 1, method: 'POST', reading: 'timestamp.body/hex', secret: 1 })
    expect(Buffer.from(first!.body!).toString()).toBe(sent.body)
    expect(first!.steps.map(({ name }) => name)).toEqual([
      ...['arrived', 'verified', 'recognized', 'claimed', 'handler', 'settled', 'answered'],
    ])
    const ends = first!.steps.map(({ endedAtMs }) => endedAtMs)
    expect(ends).toEqual(ends.toSorted((one, other) => one - other))
    expect(second!.attempt).toBe(2)
    expect(second!.steps.map(({ name }) => name)).toEqual(['arrived', 'verified', 'recognized', 'claimed', 'answered'])
  })

  it('has the attempt whose handler still runs', async () => {
    const journal = memoryJournal()
    let end = () => {}
    const { deliver } = setUp({ journal }, () => new Promise((resolve) => (end = () => resolve(200))))
    const running = deliver(mail('evt_1'))
    await settled()
    const [arrival] = await journal.arrivals('openmail:evt_1')
    expect(arrival?.steps.at(-1)?.name).toBe('claimed')
    end()
    await running
  })

  it('has a refusal by its id', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal })
    await deliver({ ...mail('evt_1'), body: '{}' })
    await settled()
    const [refusal] = await journal.refusals()
    const [arrival] = await journal.arrivals(refusal!.id)
    expect(arrival?.attempt).toBeUndefined()
    expect(Buffer.from(arrival!.body!).toString()).toBe('{}')
    expect(arrival!.rawHeaders).toContain('x-signature')
  })

  it('never has credentials of the application, and prints neither headers nor body', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal })
    const sent = mail('evt_1')
    await deliver({ ...sent, headers: { ...sent.headers, authorization: 'Bearer of-the-app', cookie: 'a=b' } })
    const [arrival] = await journal.arrivals('openmail:evt_1')
    expect(arrival!.rawHeaders).not.toContain('Bearer of-the-app')
    expect(arrival!.rawHeaders).not.toContain('a=b')
    const signature = sent.headers['x-signature']!
    expect(arrival!.rawHeaders).toContain(signature)
    for (const printed of [inspect(arrival, { showHidden: true, getters: true }), JSON.stringify(arrival)]) {
      expect(printed).not.toContain(signature)
    }
    expect(Object.keys(arrival!)).toEqual([])
  })

  it('forgets them when the entry is erased', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal })
    await deliver(mail('evt_1'))
    await journal.erase({ id: 'openmail:evt_1' })
    expect(await journal.arrivals('openmail:evt_1')).toEqual([])
  })

  it('forgets the bytes of the oldest where all together take more than 64 MB', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal })
    const large = { message: { id: 'msg_1', from: 'a@example.com', text: 'x'.repeat(4_000_000) } }
    for (let number = 0; number < 18; number++) await deliver(mail(`evt_${number}`, large))
    const { entries } = await journal.find({ limit: 1000 })
    expect(entries.length).toBeLessThan(17)
    expect(entries[0]?.id).toBe('openmail:evt_17')
    const bodies = await Promise.all(entries.map(async ({ id }) => (await journal.arrivals(id))[0]?.body?.length ?? 0))
    expect(bodies.reduce((total, length) => total + length, 0)).toBeLessThanOrEqual(64_000_000)
    expect(bodies[0]).toBeGreaterThan(4_000_000)
  })

  it('has the bytes of the first delivery in a durable journal, which tells of no changes', async () => {
    const journal = durableJournal(undefined, { refusals: { keep: 10 } })
    const { deliver } = setUp({ journal })
    const sent = mail('evt_1')
    await deliver(sent)
    await deliver({ ...mail('evt_2'), body: '{}' })
    await settled()
    const [arrival, ...others] = await journal.arrivals('openmail:evt_1')
    expect(others).toEqual([])
    expect(arrival).toMatchObject({ attempt: 1, method: 'POST', steps: [] })
    expect(Buffer.from(arrival!.body!).toString()).toBe(sent.body)
    const [refusal] = await journal.refusals()
    expect((await journal.arrivals(refusal!.id)).map(({ body }) => String(body))).toEqual(['{}'])
    expect(journal).not.toHaveProperty('watch')
  })

  it('has an authentic body that is no event', async () => {
    const journal = memoryJournal()
    const { deliver } = setUp({ journal })
    expect(await deliver(signedDelivery('openmail', 'message.received', { secret: 'key', body: 'no JSON' }))).toBe(400)
    await settled()
    expect(await journal.refusals()).toMatchObject([{ code: 'body_invalid', provider: 'openmail' }])
  })
})

describe('journal.watch', () => {
  it('tells of each entry and refusal, and reads it as it is then', async () => {
    const journal = memoryJournal()
    const changes: JournalChange[] = []
    const end = journal.watch!((change) => changes.push(change))
    const { deliver } = setUp({ journal })
    await deliver(mail('evt_1'))
    await deliver({ ...mail('evt_2'), body: '{}' })
    await settled()
    expect(changes.map(({ kind }) => kind)).toEqual(['entry', 'entry', 'refusal'])
    expect(changes[0]!.key).toBe(changes[1]!.key)
    expect(await changes[0]!.read()).toMatchObject({ id: 'openmail:evt_1', state: 'handled' })
    expect(await changes[2]!.read()).toMatchObject({ code: 'signature_invalid' })
    end()
    await deliver(mail('evt_3'))
    expect(changes).toHaveLength(3)
  })

  it('goes on when a listener throws', async () => {
    const journal = memoryJournal()
    journal.watch!(() => {
      throw new Error('of the listener')
    })
    const { deliver } = setUp({ journal })
    expect(await deliver(mail('evt_1'))).toBe(200)
  })
})

describe('journal.diagnose without secrets', () => {
  it('uses those of the receiver, with the options of its provider', async () => {
    const journal = memoryJournal()
    const providers = [openMail({ secrets: ['key'] }), coldMailReseller({ secrets: ['the-key-of-another'] })]
    const { deliver } = setUp({ journal, providers })
    const { body, headers } = mail('evt_1')
    await deliver({ headers, body: JSON.stringify(JSON.parse(body as string), null, 2) })
    await deliver(signedDelivery('openmail', 'message.received', { secret: 'the-key-of-another' }))
    await settled()
    const [mixedUp, reserialized] = await journal.refusals()
    expect(await journal.diagnose(reserialized!.id)).toMatchObject({ verdict: 'explained', code: 'body_reserialized' })
    expect(await journal.diagnose(mixedUp!.id)).toMatchObject({ code: 'secret_of_another_provider' })
    expect(await journal.diagnose('there is none')).toBeUndefined()
  })

  it('knows nothing in a process without a receiver', async () => {
    expect(knownProvidersOf(memoryJournal())).toEqual([])
  })

  it('hands the secrets over in the process, and has them in no property', () => {
    const journal = memoryJournal()
    const providers = [openMail({ secrets: ['a-secret-of-the-test'] })]
    setUp({ journal, providers })
    expect(knownProvidersOf(journal)).toMatchObject([{ secrets: ['a-secret-of-the-test'] }])
    expect(inspect(journal, { depth: 9, showHidden: true })).not.toContain('a-secret-of-the-test')
    expect(inspect(providers, { depth: 9, showHidden: true })).not.toContain('a-secret-of-the-test')
  })
})

describe('pages of a journal in memory', () => {
  it('have each entry once, the newest first', async () => {
    let now = 0
    const journal = memoryJournal({ maxEntries: 100_000, now: () => now++ })
    const { deliver } = setUp({ journal })
    for (let number = 0; number < 2_000; number++) await deliver(mail(`evt_${number}`))
    const ids: string[] = []
    let after: string | undefined
    do {
      const page = await journal.find({ limit: 300, after })
      ids.push(...page.entries.map(({ id }) => id))
      after = page.next
    } while (after !== undefined)
    expect(ids).toEqual(Array.from({ length: 2_000 }, (_, index) => `openmail:evt_${1_999 - index}`))
  })
})
