import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'
import { sample, signedDelivery } from '@mailbox-hooks/testing'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { codeBlocks, REPOSITORY } from './code-blocks.js'
import { writeBlocks } from './compile-blocks.js'

const SECRET = 'openmail-secret'
vi.stubEnv('OPENMAIL_WEBHOOK_SECRET', SECRET)
vi.stubEnv('PORT', '0')

const DOCUMENTS = ['docs/recipes.md', 'docs/frameworks/nestjs.md', 'docs/frameworks/nextjs.md']
const files = writeBlocks(DOCUMENTS.flatMap(codeBlocks), join(REPOSITORY, 'test/tmp-recipes'))

/** Loads the exports of the documents' block of that name. */
const load = (name: string) => import(files.find(({ path }) => path.endsWith(`/${name}.ts`))!.path)

function signed(eventId: string) {
  const body = JSON.stringify({ event: 'of.no.known.type', event_id: eventId, note: 'größer' })
  return signedDelivery('openmail', 'message.received', { secret: SECRET, body })
}

async function post(port: number, { headers, body }: ReturnType<typeof signed>): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/webhooks`, { method: 'POST', headers, body })
  return `${response.status} ${await response.text()}`
}

const NEW = '200 {"received":"unknown"}'
const DUPLICATE = '200 {"received":true,"duplicate":true}'

describe('the recipe for pages of Next.js', () => {
  it('handles a delivery once', async () => {
    const { default: handler } = await load('pages-api-webhooks')
    const server = createServer(handler as RequestListener)
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as AddressInfo
    expect(await post(port, signed('evt_pages'))).toBe(NEW)
    expect(await post(port, signed('evt_pages'))).toBe(DUPLICATE)
    server.close()
  })

  it('ends when its answer is out, because a host may freeze it then', async () => {
    const { default: handler } = await load('pages-api-webhooks')
    const ended: boolean[] = []
    const server = createServer(async (req, res) => {
      await handler(req, res)
      ended.push(res.writableFinished)
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as AddressInfo
    expect(await post(port, signed('evt_pages_ended'))).toBe(NEW)
    expect(await post(port, { ...signed('evt_pages_ended'), body: '{}' })).toMatch(/^401/)
    await vi.waitFor(() => expect(ended).toEqual([true, true]))
    server.close()
  })
})

describe('the recipe for NestJS', () => {
  let port: number

  beforeAll(async () => {
    const { app } = await load('nest')
    port = app.getHttpServer().address().port
    return () => app.close()
  })

  it('handles a delivery once, behind the parser of Nest', async () => {
    expect(await post(port, signed('evt_nest'))).toBe(NEW)
    expect(await post(port, signed('evt_nest'))).toBe(DUPLICATE)
  })

  it('refuses a forged one', async () => {
    const { headers } = signed('evt_forged')
    expect(await post(port, { headers, body: '{"event_id":"evt_other"}' })).toMatch(/^401 .*signature_invalid/)
  })
})

describe('the recipe for NestJS on Fastify', () => {
  let port: number

  beforeAll(async () => {
    const { app } = await load('nest-fastify')
    port = app.getHttpServer().address().port
    return () => app.close()
  })

  it('handles a delivery once', async () => {
    expect(await post(port, signed('evt_nest_fastify'))).toBe(NEW)
    expect(await post(port, signed('evt_nest_fastify'))).toBe(DUPLICATE)
  })

  it('refuses a forged one', async () => {
    const { headers } = signed('evt_forged')
    expect(await post(port, { headers, body: '{"event_id":"evt_other"}' })).toMatch(/^401 .*signature_invalid/)
  })
})

describe('the recipe for an event that comes before the one it builds on', () => {
  /** Delivers a sample to a receiver that knows these inboxes. */
  async function deliver(type: 'message.received' | 'inbox.suspended', knows: (id: string) => boolean) {
    const { handle } = await load('out-of-order')
    const receive = webhooks({ providers: [openMail({ secrets: [SECRET] })] })
    const route = receive((delivery) => handle(delivery, async (id: string) => knows(id)))
    const { headers, body } = signedDelivery('openmail', type, { secret: SECRET })
    return route(new Request('http://localhost', { method: 'POST', headers, body }))
  }

  it('throws for an inbox that is not known yet', async () => {
    await expect(deliver('message.received', () => false)).rejects.toThrow('is not known yet')
  })

  it('handles the event of an inbox that is known, and any other', async () => {
    const { inbox_id, message } = sample.openMail['message.received']()
    const log = vi.spyOn(console, 'log').mockReturnValue()
    onTestFinished(() => log.mockRestore())
    expect((await deliver('message.received', (id) => id === inbox_id)).status).toBe(200)
    expect((await deliver('inbox.suspended', () => false)).status).toBe(200)
    expect(log.mock.calls).toEqual([[message.from]])
  })
})

// The recipe for testing is a test.
await load('handler.test')
