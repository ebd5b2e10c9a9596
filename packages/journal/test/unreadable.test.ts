import { randomBytes } from 'node:crypto'
import { createReceiver, openMail } from '@mailbox-hooks/core'
import { createJournal, type JournalStore, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { sqliteJournalStore } from '@mailbox-hooks/journal'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { receive } from '../../core/test/request.js'
import { DRIVERS } from '../../core/test/stores/sql/sqlite-drivers.js'
import { titled } from '../../testing/src/titled.js'
import { DATABASES } from './databases.js'

const SECRET = 'secret-of-the-provider'
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const NAMED = /sealed with the key "[0-9a-f]{16}": add that key to the sealingKeys/

interface Backend {
  readonly name: string
  readonly isAbsent: boolean
  open(): Promise<JournalStore>
}

const BACKENDS: readonly Backend[] = [
  { name: 'memory', isAbsent: false, open: async () => memoryJournalStore() },
  ...DRIVERS.map(({ name, isAbsent, open }) => ({
    name: `SQLite by ${name}`,
    isAbsent,
    open: async () => {
      const database = open(':memory:')
      onTestFinished(() => void database.close())
      const store = sqliteJournalStore(database)
      await store.migrate()
      return store
    },
  })),
  ...DATABASES.map(({ name, isAbsent, open }) => ({
    name,
    isAbsent,
    open: async () => {
      const database = await open()
      onTestFinished(() => database.close())
      return database.store
    },
  })),
]

const journalOn = (rows: JournalStore, sealingKeys: readonly Uint8Array[]) =>
  createJournal(rows, { sealingKeys, refusals: { keep: 10 } }, { owner: 'testJournal' })

type TestJournal = ReturnType<typeof journalOn>

/** Delivers events whose handler fails, and one whose signature is wrong. */
async function play(journal: TestJournal, ids: readonly string[]): Promise<void> {
  const receiver = createReceiver({ providers: [openMail({ secrets: [SECRET] })], journal })
  for (const id of ids) {
    const sent = signedDelivery('openmail', 'message.received', { secret: SECRET, payload: { event_id: id } })
    const reception = await receive(receiver, sent)
    if (reception.answer !== undefined) throw new Error(reception.answer.body)
    await reception.settle(500)
  }
  const forged = signedDelivery('openmail', 'message.received', { secret: 'another-secret-of-nobody' })
  const before = (await journal.refusals()).length
  await receive(receiver, forged)
  await expect.poll(() => journal.refusals()).toHaveLength(before + 1)
}

describe.each(titled(BACKENDS, 'name'))('entries that cannot be opened, in %s', ({ isAbsent, open }) => {
  it.skipIf(isAbsent)('are counted beside the others, and named by their key', async () => {
    const rows = await open()
    await play(journalOn(rows, [oldKey]), ['evt_1', 'evt_2'])
    const journal = journalOn(rows, [newKey])
    await play(journal, ['evt_3'])

    const page = await journal.find({ state: 'failed' })
    expect(page.entries.map(({ id }) => id)).toEqual(['openmail:evt_3'])
    expect(page.unreadable).toEqual([{ reason: expect.stringMatching(NAMED), count: 2 }])
    // A page without readable entries leads to the next one.
    const older = await journal.find({ limit: 1, after: (await journal.find({ limit: 1 })).next })
    expect([older.entries, older.unreadable?.[0]?.count, typeof older.next]).toEqual([[], 1, 'string'])

    expect((await journal.stats()).providers).toMatchObject([{ provider: 'openmail', states: { failed: 3 } }])
    expect(await journal.refusals()).toHaveLength(1)
    expect(await journalOn(rows, [newKey, oldKey]).refusals()).toHaveLength(2)
    expect((await journalOn(rows, [newKey, oldKey]).find()).unreadable).toBeUndefined()
  })

  it.skipIf(isAbsent)('are an error that names the key, when one asks for them by id', async () => {
    const rows = await open()
    const sealed = journalOn(rows, [oldKey])
    await play(sealed, ['evt_1'])
    const journal = journalOn(rows, [newKey])
    await expect(journal.entry('openmail:evt_1')).rejects.toThrow(NAMED)
    await expect(journal.open('openmail:evt_1')).rejects.toThrow(NAMED)
    const [refusal] = await sealed.refusals()
    await expect(journal.diagnose(refusal!.id, { secrets: [SECRET] })).rejects.toThrow(NAMED)
    expect(await sealed.diagnose(refusal!.id, { secrets: [SECRET] })).toBeDefined()
  })

  it.skipIf(isAbsent)('are left as they are by a process that does not know their format', async () => {
    const rows = await open()
    const newer: JournalStore = new Proxy(rows, {
      get: (on, name) => {
        const member = Reflect.get(on, name)
        if (typeof member !== 'function') return member
        if (name !== 'begin') return member.bind(on)
        // As the next version of this package writes them.
        return (entry: Parameters<JournalStore['begin']>[0]) =>
          rows.begin({ ...entry, sealed: { ...entry.sealed, format: 3 } })
      },
    })
    await play(journalOn(newer, [oldKey]), ['evt_1'])
    const journal = journalOn(rows, [oldKey])
    const page = await journal.find()
    expect([page.entries, page.unreadable]).toEqual([[], [{ reason: expect.stringContaining('format 3'), count: 1 }]])
    await expect(journal.open('openmail:evt_1')).rejects.toThrow('format 3')
    const skipped = { handled: 0, failed: 0, skipped: 1 }
    expect(await journal.replay(['openmail:evt_1'], () => {})).toEqual(skipped)
    expect(await journal.replay({ state: 'failed' }, () => {})).toEqual(skipped)
    expect(await rows.find({ namespace: '', order: 'newest', limit: 1 })).toMatchObject([
      { state: 'failed', attemptCount: 1 },
    ])
  })
})
