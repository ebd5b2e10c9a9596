import { randomBytes } from 'node:crypto'
import { createReceiver, memoryJournal, openMail } from '@mailbox-hooks/core'
import { createJournal, memoryJournalStore, TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it } from 'vitest'
import { EntrySealer } from '../../packages/core/src/journal/entry-sealer.js'
import { receive } from '../../packages/core/test/request.js'

const SECRET = 'a-secret-of-16-bytes'
const KEY = randomBytes(32)
const HASHES = ['aa'.repeat(32), 'bb'.repeat(32)] as const

const journalOn = (rows = memoryJournalStore(), options: object = { sealingKeys: [KEY] }) =>
  createJournal(rows, { refusals: { keep: 100 }, ...options }, { owner: 'testJournal' })

const receiverOf = (journal: ReturnType<typeof journalOn>) =>
  createReceiver({ providers: [openMail({ secrets: [SECRET] })], journal })

async function fail(journal: ReturnType<typeof journalOn>, headers: Record<string, string> = {}): Promise<void> {
  const sent = signedDelivery('openmail', 'message.received', { secret: SECRET, payload: { event_id: 'evt_1' } })
  const reception = await receive(receiverOf(journal), { ...sent, headers: { ...sent.headers, ...headers } })
  if (reception.answer !== undefined) throw new Error(reception.answer.body)
  await reception.settle(500)
}

async function answerTo(journal: ReturnType<typeof journalOn>, ticket: string): Promise<number> {
  const reception = await receive(receiverOf(journal), { headers: { [TICKET_HEADER]: ticket }, body: '' })
  if (reception.answer !== undefined) return reception.answer.status
  await reception.settle(200)
  return 200
}

describe('a sealed part of an entry', () => {
  const [one, other] = ['11'.repeat(16), '22'.repeat(16)].map(
    (id) => new EntrySealer('test', { sealingKeys: [KEY] }, id),
  )

  it('opens in no other entry and in no other journal', () => {
    const sealed = one!.seal('content', HASHES[0], Buffer.from('planted'))
    expect(one!.open('content', HASHES[0], one!.keyId, sealed).toString()).toBe('planted')
    expect(() => one!.open('content', HASHES[1], one!.keyId, sealed)).toThrow(/was changed, or belongs to another one/)
    expect(() => one!.open('meta', HASHES[0], one!.keyId, sealed)).toThrow(/was changed, or belongs to another one/)
    expect(() => other!.open('content', HASHES[0], one!.keyId, sealed)).toThrow(/was changed, or belongs/)
  })

  it('that was never sealed does not open, unless plaintext: true asks for it', async () => {
    const rows = memoryJournalStore()
    await fail(journalOn(rows, { plaintext: true }))
    await expect(journalOn(rows).open('openmail:evt_1')).rejects.toThrow(/not sealed/)
    const both = journalOn(rows, { sealingKeys: [KEY], plaintext: true })
    expect(await both.open('openmail:evt_1')).toMatchObject({ id: 'openmail:evt_1' })
  })
})

describe('an entry', () => {
  it('has neither authorization nor cookie among its headers', async () => {
    const rows = memoryJournalStore()
    const journal = journalOn(rows, { plaintext: true })
    await fail(journal, { authorization: 'Bearer planted-token', cookie: 'session=planted-session', 'x-kept': 'kept' })
    const hash = (await journal.find()).entries.length === 1 ? (await rows.find(NEWEST))[0]!.hash : ''
    const content = Buffer.from((await rows.read('', hash))!.content).toString()
    expect(content).toContain('x-kept')
    expect(content).not.toMatch(/planted-token|planted-session/)
  })
})

const NEWEST = { namespace: '', order: 'newest', limit: 1 } as const

describe('a replay ticket', () => {
  it('can be made by whoever has the key, in another process', async () => {
    const rows = memoryJournalStore()
    await fail(journalOn(rows))
    expect(await answerTo(journalOn(rows), await journalOn(rows).ticket('openmail:evt_1'))).toBe(200)
  })

  it('of a journal in memory is signed by that journal alone', async () => {
    const [one, other] = [memoryJournal(), memoryJournal()]
    await fail(one)
    await fail(other)
    expect(await answerTo(other, await one.ticket('openmail:evt_1'))).toBe(401)
    expect(await answerTo(one, await one.ticket('openmail:evt_1'))).toBe(200)
  })
})

describe('a journal of refusals', () => {
  it('keeps at most ten refusals a minute of each reason, and by default none', async () => {
    const forge = async (journal: ReturnType<typeof journalOn>) => {
      const forged = signedDelivery('openmail', 'message.received', { secret: 'another-secret-of-nobody' })
      const receiver = receiverOf(journal)
      for (let index = 0; index < 30; index++) await receive(receiver, forged)
      return journal
    }
    const keeping = await forge(journalOn())
    await expect.poll(async () => (await keeping.refusals()).length).toBe(10)
    const silent = await forge(createJournal(memoryJournalStore(), { sealingKeys: [KEY] }, { owner: 'testJournal' }))
    expect(await silent.refusals()).toEqual([])
  })
})
