import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coldMailReseller, createReceiver, type JournalFilter } from '@mailbox-hooks/core'
import { createJournal } from '@mailbox-hooks/core/journal'
import { sqliteJournal } from '@mailbox-hooks/journal'
import { signedDelivery } from '@mailbox-hooks/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { receive } from '../../core/test/request.js'
import { DRIVERS } from '../../core/test/stores/sql/sqlite-drivers.js'
import { titled } from '../../testing/src/titled.js'
import { DATABASES } from './databases.js'
import { TABLES } from './time-passes.js'

const driver = DRIVERS.find(({ isAbsent }) => !isAbsent)

/** Texts that nobody may read in the files. */
const PLANTED = {
  password: 'planted-Passw0rd!',
  address: 'john.planted@example.com',
  id: 'evt_planted_7f3a',
  error: 'planted error text',
  domain: 'planted-domain.example',
}

const key = randomBytes(32)

async function journalWith(options: { sealingKeys: readonly Uint8Array[] }) {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-at-rest-'))
  const database = driver!.open(join(folder, 'journal.db'))
  onTestFinished(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  database.exec('PRAGMA journal_mode = WAL')
  const journal = sqliteJournal(database, { ...options, refusals: { keep: 10 } })
  await journal.migrate()
  const open = (sealingKeys: readonly Uint8Array[]) => sqliteJournal(database, { sealingKeys })
  return { folder, journal, open }
}

/** A mailbox with credentials is delivered, its handler fails, and a forged delivery is refused. */
async function play(journal: Awaited<ReturnType<typeof journalWith>>['journal']): Promise<void> {
  const receiver = createReceiver({ providers: [coldMailReseller({ secrets: ['planted-provider-secret'] })], journal })
  const sample = JSON.parse(
    readFileSync(new URL('../../../fixtures/cold-mail-reseller/mailbox.created.google.json', import.meta.url), 'utf8'),
  )
  const { data } = sample
  const mailboxDetails = { ...data.mailboxDetails, email: PLANTED.address, appPassword: PLANTED.password }
  const body = JSON.stringify({
    ...sample,
    eventId: PLANTED.id,
    data: { ...data, mailboxDetails, domain: PLANTED.domain },
  })
  const delivery = signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: 'planted-provider-secret', body })
  const reception = await receive(receiver, delivery)
  if (reception.answer !== undefined) throw new Error(reception.answer.body)
  reception.fail(new Error(`${PLANTED.error} ${PLANTED.password} ${PLANTED.address}`))
  await reception.settle(500)
  await receive(receiver, { ...delivery, body: delivery.body.replace('GOOGLE', 'GOOGLE ') })
  await expect.poll(() => journal.refusals()).toHaveLength(1)
}

/** Every byte of the database, its write-ahead log among them. */
const filesOf = (folder: string) =>
  readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))

const spellingsOf = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString('hex'),
  // Base64 depends on where the text begins, so its middle is searched for in all three alignments.
  ...[0, 1, 2].map((skip) => Buffer.from(text.slice(skip)).toString('base64').slice(0, -4)),
]

/** The planted texts that stand in some bytes, in any spelling. */
const shownIn = (bytes: Buffer): readonly string[] =>
  Object.entries(PLANTED).flatMap(([what, text]) =>
    spellingsOf(text)
      .filter((spelling) => bytes.includes(spelling))
      .map((spelling) => `${what}, as ${spelling}`),
  )

const bytesOf = (value: unknown): Buffer =>
  value instanceof Uint8Array
    ? Buffer.from(value)
    : Buffer.from(typeof value === 'string' ? value : `${JSON.stringify(value)}`)

describe.each(titled(DATABASES, 'name'))('a sealed journal in %s', ({ isAbsent, open }) => {
  it.skipIf(isAbsent)('sends the server nothing that shows what was planted, and keeps nothing of it', async () => {
    const database = await open()
    onTestFinished(() => database.close())
    const sent: Buffer[] = []
    const onStatement = (sql: string, values: readonly unknown[] = []) => {
      sent.push(Buffer.from(sql), ...values.map(bytesOf))
    }
    const rows = database.another({ onStatement })
    const journal = createJournal(rows, { sealingKeys: [key], refusals: { keep: 10 } }, { owner: 'testJournal' })
    await play(journal)
    // All that is in its files, logs and dumps came in statements.
    expect(shownIn(Buffer.concat(sent))).toEqual([])
    expect(Buffer.concat(sent).includes('mailbox.created')).toBe(true)
    const kept: Buffer[] = []
    for (const suffix of [...TABLES, '_meta']) {
      const found = await database.rows(`SELECT * FROM ${database.table}${suffix}`)
      expect(found.length, suffix).toBeGreaterThan(0)
      kept.push(...found.flatMap((row) => Object.values(row).map(bytesOf)))
    }
    expect(shownIn(Buffer.concat(kept))).toEqual([])
    expect((await journal.find({ about: PLANTED.address })).entries).toHaveLength(1)
  })
})

describe.skipIf(driver === undefined)('a sealed journal on disk', () => {
  it('shows no credential, no address, no id and no error, in any spelling, in its files and its log', async () => {
    const { folder, journal } = await journalWith({ sealingKeys: [key] })
    await play(journal)
    const files = filesOf(folder)
    expect(files.map(({ name }) => name).sort()).toContain('journal.db-wal')
    for (const { name, bytes } of files) expect(shownIn(bytes), name).toEqual([])
    // The search can find something: what is plain is there.
    expect(files.some(({ bytes }) => bytes.includes('mailbox.created'))).toBe(true)
  })

  it('is found by the address all the same, and opens', async () => {
    const { journal } = await journalWith({ sealingKeys: [key] })
    await play(journal)
    const filters: readonly JournalFilter[] = [
      { about: 'John.Planted@EXAMPLE.com' },
      { about: `John <${PLANTED.address}>`, type: 'mailbox.created' },
    ]
    for (const filter of filters) {
      const { entries } = await journal.find(filter)
      expect(entries).toMatchObject([{ id: `cold-mail-reseller:${PLANTED.id}`, state: 'failed' }])
      expect(entries[0]!.attempts[0]!.error?.message).toBe(`${PLANTED.error} [redacted] ${PLANTED.address}`)
    }
    const delivery = await journal.open(`cold-mail-reseller:${PLANTED.id}`)
    expect(Buffer.from(delivery!.rawBody()).toString()).toContain(PLANTED.password)
  })

  it('names the key that is missing, and leaves its entries as they are', async () => {
    const { journal, open } = await journalWith({ sealingKeys: [key] })
    await play(journal)
    const other = open([randomBytes(32)])
    const id = `cold-mail-reseller:${PLANTED.id}`
    await expect(other.open(id)).rejects.toThrow(/sealed with the key "[0-9a-f]{16}": add that key to the sealingKeys/)
    expect(await other.replay([id], () => {})).toEqual({ handled: 0, failed: 0, skipped: 1 })
    expect(await journal.entry(id)).toMatchObject({ state: 'failed', attempts: [{ number: 1 }] })
  })

  it('opens with a key that is not the first any more, and finds by it', async () => {
    const { journal, open } = await journalWith({ sealingKeys: [key] })
    await play(journal)
    const rotated = open([randomBytes(32), key])
    expect((await rotated.find({ about: PLANTED.address })).entries).toHaveLength(1)
    expect(await rotated.replay({ about: PLANTED.address }, () => {})).toEqual({ handled: 1, failed: 0, skipped: 0 })
  })

  it('keeps nothing of an address that was erased, and lets nothing of it come back', async () => {
    const { journal } = await journalWith({ sealingKeys: [key] })
    await play(journal)
    expect(await journal.erase({ about: PLANTED.address })).toBe(1)
    expect((await journal.find()).entries).toEqual([])
    await expect(play(journal)).rejects.toThrow('duplicate')
    expect((await journal.find()).entries).toEqual([])
  })
})
