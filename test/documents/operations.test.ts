import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createReceiver, memoryJournal, memoryStore, type Outcome, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { signedDelivery } from '@mailbox-hooks/testing'
import express from 'express'
import pg from 'pg'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { findPostgres, runName } from '../servers/services.js'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

const files = writeBlocks(codeBlocks('docs/operations.md'), join(REPOSITORY, 'test/tmp-operations'))

/** Loads the exports of the document's block of that name. */
const load = (name: string) => import(files.find(({ path }) => path.endsWith(`/${name}.ts`))!.path)

const secret = 'openmail-signing-key'
const providers = [openMail({ secrets: [secret] })] as const
const mail = () => signedDelivery('openmail', 'message.received', { secret })

describe('the recipe for the end of a process', () => {
  it('waits for the handler that runs, and not for ever', async () => {
    const { endGracefully } = await load('graceful')
    const receive = webhooks({ providers })
    const server = createServer()
    let end = () => {}
    const begun = new Promise<void>((resolve) => {
      const app = express().post('/webhooks', receive, (_req, res) => {
        end = () => res.json({})
        resolve()
      })
      server.on('request', app)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { headers, body } = mail()
    const { port } = server.address() as { port: number }
    const answer = fetch(`http://127.0.0.1:${port}/webhooks`, { method: 'POST', headers, body })
    await begun
    await endGracefully(server, receive, 10)
    let hasEnded = false
    const ended = endGracefully(server, receive).then(() => (hasEnded = true))
    await new Promise(setImmediate)
    expect(hasEnded).toBe(false)
    end()
    expect((await answer).status).toBe(200)
    await ended
  })
})

describe('the recipe for readiness', () => {
  it('answers 200, and 503 while the store is down', async () => {
    const { ready } = await load('readiness')
    const store = memoryStore()
    const app = express().get('/ready', ready(webhooks({ providers, store })))
    const server = app.listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/ready`
    expect((await fetch(url)).status).toBe(200)
    Object.assign(store, { ping: () => Promise.reject(new Error('down')) })
    expect((await fetch(url)).status).toBe(503)
  })
})

describe('the recipes for alarms', () => {
  it('name a provider that fell silent', async () => {
    const { silentProviders } = await load('silence')
    const journal = memoryJournal()
    const receiver = createReceiver({ providers, journal })
    const { headers, body } = mail()
    await receiver.receive({
      method: 'POST',
      header: (name) => headers[name],
      readBody: async () => Buffer.from(body),
      isOpenEnded: () => false,
    })
    expect(await silentProviders(journal, 3_600_000)).toEqual([])
    expect(await silentProviders(journal, 3_600_000, Date.now() + 7_200_000)).toEqual(['openmail'])
  })

  it('are raised when refusals rise, once, and not by strangers', async () => {
    const { refusalAlarm } = await load('refusals')
    const raised: unknown[] = []
    const onOutcome = refusalAlarm((code: string, share: number) => raised.push([code, share]), { size: 10 })
    const tell = (outcome: Partial<Outcome>) => onOutcome({ status: 0, durationMs: 1, kind: 'handled', ...outcome })
    for (let index = 0; index < 20; index++) tell({ kind: 'rejected', code: 'provider_unknown' })
    for (let index = 0; index < 10; index++) tell({ provider: 'openmail' })
    expect(raised).toEqual([])
    for (let index = 0; index < 5; index++) tell({ provider: 'openmail', kind: 'rejected', code: 'signature_invalid' })
    expect(raised).toEqual([['signature_invalid', 0.3]])
  })
})

const { url, isAbsent } = await findPostgres()

describe.skipIf(isAbsent)('the recipe with a table of your own', () => {
  const table = `handled_deliveries`
  const schema = runName()
  const pool = new pg.Pool({ connectionString: url, options: `-c search_path=${schema}` })
  afterAll(async () => {
    await pool.query(`DROP SCHEMA ${schema} CASCADE`)
    await pool.end()
  })

  it('writes once, also at the same time, and again after a rollback', async () => {
    const { onceInTable } = await load('own-table')
    await pool.query(`CREATE SCHEMA ${schema}`)
    await pool.query(`CREATE TABLE ${table} (id text PRIMARY KEY, handled_at timestamptz NOT NULL DEFAULT now())`)
    await pool.query('CREATE TABLE orders (id text NOT NULL)')
    const write = (client: pg.Pool) => client.query("INSERT INTO orders VALUES ('a')")
    await expect(onceInTable(pool, { id: 'a' }, () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    const runs = await Promise.all([1, 2, 3].map(() => onceInTable(pool, { id: 'a' }, write)))
    expect(runs.filter(Boolean)).toHaveLength(1)
    expect((await pool.query('SELECT * FROM orders')).rows).toHaveLength(1)
  })
})
