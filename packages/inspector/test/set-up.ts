import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { coldMailReseller, type Delivery, inboxKit, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { type SignedDelivery, signedDelivery } from '@mailbox-hooks/testing'
import express from 'express'
import { onTestFinished } from 'vitest'
import type { Detail, DoResult, Overview, Row, RowPage } from '../src/api.js'
import { type InspectorOptions, openInspector } from '../src/index.js'

export const SECRETS = {
  cmr: 'cmr-key-of-the-tests',
  inboxKit: 'inboxkit-key-of-the-tests',
  openMail: 'openmail-key-of-the-tests',
}

const builtIn = () => [
  coldMailReseller({ secrets: [SECRETS.cmr] }),
  inboxKit({ secrets: [SECRETS.inboxKit] }),
  openMail({ secrets: [SECRETS.openMail] }),
]

/** Closes something after the test, in the opposite order of opening. */
export const closeLater = (close: () => unknown) => onTestFinished(async () => void (await close()))

/** A client of the inspector's HTTP answers. */
export class Client {
  readonly origin: string
  readonly session: string

  constructor(origin: string, session: string) {
    this.origin = origin
    this.session = session
  }

  static async of(url: string): Promise<Client> {
    const { origin, hash } = new URL(url)
    const response = await post(`${origin}/api/session`, { token: hash.slice('#t='.length) })
    const { session } = (await response.json()) as { session: string }
    return new Client(origin, session)
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.origin}/api/${path}`, { headers: this.headers })
    return (await response.json()) as T
  }

  async status(path: string): Promise<number> {
    return (await fetch(`${this.origin}/api/${path}`, { headers: this.headers })).status
  }

  async post<T>(path: string, body: unknown): Promise<{ status: number; body: T }> {
    const response = await post(`${this.origin}/api/${path}`, body, this.headers)
    return { status: response.status, body: (await response.json()) as T }
  }

  get headers() {
    return { authorization: `Bearer ${this.session}` }
  }

  rows = async (query = ''): Promise<readonly Row[]> => (await this.get<RowPage>(`rows${query}`)).rows
  detail = (key: string): Promise<Detail> => this.get(`details/${encodeURIComponent(key)}`)
  overview = (): Promise<Overview> => this.get('overview')
  act = (what: object) => this.post<DoResult & { error?: string }>('do', what)
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

export type Handle = (delivery: Delivery) => unknown

/** A receiver in Express, with the inspector open. */
export async function setUp({
  handle = () => undefined,
  providers = builtIn(),
  ...options
}: InspectorOptions & { readonly handle?: Handle } = {}) {
  const inspector = await openInspector({ port: 0, log: () => undefined, ...options })
  closeLater(() => inspector.close())
  const receive = webhooks({ providers, journal: inspector.journal })
  const app = express()
  app.use(
    '/hooks',
    express.Router().post('/in', receive, async (request, response) => {
      await handle(receive.delivery(request) as Delivery)
      response.json({ received: true })
    }),
  )
  const silent: express.ErrorRequestHandler = (_error, _request, response, _next) =>
    void response.status(500).end('failed')
  app.use(silent)
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started))
  })
  closeLater(() => server.close())
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/in`
  const send = async ({ headers, body }: SignedDelivery<string | Uint8Array>): Promise<number> =>
    (await fetch(target, { method: 'POST', headers, body: Buffer.from(body) })).status
  return { inspector, target, send, client: await Client.of(inspector.url) }
}

export const fromOpenMail = (id: string, payload: object = {}) =>
  signedDelivery('openmail', 'message.received', { secret: SECRETS.openMail, payload: { event_id: id, ...payload } })

/** A mailbox with a password in it. */
export const fromColdMailReseller = (eventId: string) =>
  signedDelivery('cold-mail-reseller', 'mailbox.created', { secret: SECRETS.cmr, payload: { eventId } })
