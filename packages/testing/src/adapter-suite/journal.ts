import { memoryJournal } from '@mailbox-hooks/core'
import { createJournal, memoryJournalStore, TICKET_HEADER } from '@mailbox-hooks/core/journal'
import { expect, it } from 'vitest'
import { titled } from '../titled.js'
import type { AdapterUnderTest } from './adapter-under-test.js'
import { messageReceived, signed } from './deliveries.js'
import { REPLY, type Start } from './harness.js'
import { sealingKeys, type TicketTerms, WRONG_TICKETS } from './wrong-tickets.js'

/** A journal that decides what was handled, over rows in memory. */
const journalUnderTest = () => createJournal(memoryJournalStore(), { sealingKeys }, { owner: 'adapterSuite' })

/** What is written after the answer takes longer on a busy machine. */
const PATIENCE = { timeout: 10_000 }

export function journalTests(start: Start, { differences = {} }: AdapterUnderTest): void {
  it('records each attempt with what was answered', async () => {
    const journal = journalUnderTest()
    let runs = 0
    const { send } = await start({ journal, store: undefined }, async () => (++runs === 1 ? { status: 500 } : REPLY))
    const delivery = signed(messageReceived('evt_1'))
    for (const _attempt of ['fails', 'is handled', 'is a duplicate']) await send(delivery)
    // A duplicate is noted after its answer.
    await expect.poll(async () => (await journal.find()).entries[0]?.attempts.length, PATIENCE).toBe(3)
    expect((await journal.find()).entries).toMatchObject([
      {
        id: 'openmail:evt_1',
        state: 'handled',
        attempts: [
          { kind: 'failed', status: 500 },
          { kind: 'handled', status: 200 },
          { kind: 'duplicate', status: 200 },
        ],
      },
    ])
  })

  it.skipIf(differences.unknownErrors)('notes the error of a handler, in the journal and in the outcome', async () => {
    const journal = journalUnderTest()
    const { send, outcomes } = await start({ journal, store: undefined }, async () => {
      throw new RangeError('planted failure')
    })
    await send(signed(messageReceived()))
    const error = { name: 'RangeError', message: 'planted failure' }
    expect(outcomes).toMatchObject([{ kind: 'failed', error }])
    expect((await journal.find()).entries[0]?.attempts).toMatchObject([{ kind: 'failed', error }])
  })

  it('runs an entry again by a ticket, once', async () => {
    const journal = journalUnderTest()
    let runs = 0
    const { send, runs: deliveries } = await start({ journal, store: undefined }, async () =>
      ++runs === 1 ? { status: 500 } : REPLY,
    )
    await send(signed(messageReceived('evt_1')))
    const headers = { [TICKET_HEADER]: await journal.ticket('openmail:evt_1') }
    expect((await send({ headers })).status).toBe(200)
    expect(deliveries.at(-1)).toMatchObject({ id: 'openmail:evt_1', replayed: true })
    expect((await send({ headers })).status).toBe(409)
    expect((await journal.find()).entries).toMatchObject([{ state: 'handled' }])
  })

  it.each(
    titled(
      WRONG_TICKETS,
      ({ what }) => `refuses a ticket ${what} like an unknown sender, and says nothing more to the log`,
    ),
  )('%s', async ({ wrongly }) => {
    const journal = journalUnderTest()
    const { send, runs, outcomes } = await start({ journal, store: undefined })
    for (const id of ['evt_1', 'evt_2']) await send(signed(messageReceived(id)))
    const ticket = await journal.ticket('openmail:evt_1')
    const [content = ''] = ticket.split('.')
    const terms = JSON.parse(Buffer.from(content, 'base64url').toString()) as TicketTerms
    const refused = await send(await wrongly({ ticket, terms }))
    const unknown = await send({ body: '{}' })
    expect([refused.status, refused.text]).toEqual([unknown.status, unknown.text])
    expect(runs).toHaveLength(2)
    const [logged, known] = outcomes.slice(-2).map(({ durationMs: _, ...outcome }) => outcome)
    expect(logged).toEqual(known)
  })

  it('keeps what was refused, and says why', async () => {
    const journal = memoryJournal()
    const { send } = await start({ journal })
    const delivery = signed(messageReceived())
    await send({ ...delivery, body: JSON.stringify(JSON.parse(delivery.body), null, 1) })
    await expect.poll(() => journal.refusals(), PATIENCE).toHaveLength(1)
    const [refusal] = await journal.refusals()
    expect(refusal).toMatchObject({ code: 'signature_invalid', provider: 'openmail', method: 'POST' })
    expect(await journal.diagnose(refusal!.id, { secrets: ['openmail-webhook-secret'] })).toMatchObject({
      code: 'body_reserialized',
    })
  })

  it('answers 503 when the journal does not answer, and runs no handler', async () => {
    const rows = memoryJournalStore()
    rows.begin = () => Promise.reject(new Error('planted outage'))
    const journal = createJournal(rows, { sealingKeys }, { owner: 'adapterSuite' })
    const { send, runs } = await start({ journal, store: undefined })
    const { status, json, headers } = await send(signed(messageReceived()))
    expect([status, json]).toEqual([503, { received: false, error: 'journal_unavailable' }])
    expect(headers['retry-after']).toBe('30')
    expect(runs).toHaveLength(0)
  })
}
