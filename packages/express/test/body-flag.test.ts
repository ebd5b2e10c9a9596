import { createServer } from 'node:http'
import type { RequestHandler } from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { deliver, receiver } from './receiver.js'
import { VERSIONS } from './versions.js'

describe.each(titled(VERSIONS, 'name'))('a body parser of %s behind the middleware', ({ express }) => {
  const idOf: RequestHandler = (req, res) => {
    res.json({ id: req.webhook?.id })
  }

  it('reads nothing on the same route', async () => {
    const app = express().post('/webhooks', receiver().receive, express.json(), idOf)
    expect((await deliver(app)).body).toEqual({ id: 'openmail:evt_1' })
  })

  it('reads nothing in the application around that of the middleware', async () => {
    const app = express().use(express().use('/webhooks', receiver().receive), express.json(), idOf)
    expect((await deliver(app)).body).toEqual({ id: 'openmail:evt_1' })
  })

  it('reads the bodies of other requests, before and after', async () => {
    const app = express()
    app.use('/webhooks', receiver().receive)
    app.use(express.json())
    app.post('/other', express.json(), (req, res) => {
      res.json({ body: req.body })
    })
    app.use(idOf)
    const other = () => supertest(app).post('/other').send({ a: 1 })
    expect((await other()).body).toEqual({ body: { a: 1 } })
    expect((await deliver(app)).body).toEqual({ id: 'openmail:evt_1' })
    expect((await other()).body).toEqual({ body: { a: 1 } })
  })

  it('reads nothing of a request of Node itself', async () => {
    const parse = express.json()
    const { receive } = receiver()
    const server = createServer((req, res) => {
      // A parser of Express needs no more than a request of Node.
      receive(req, res, () => parse(req as never, res as never, (error) => res.end(String(error ?? 'parsed nothing'))))
    })
    expect((await deliver(server)).text).toBe('parsed nothing')
  })

  it('costs a request of Express no property but its delivery', async () => {
    const app = express().post('/webhooks', receiver().receive, (req, res) => {
      res.json({ flag: Object.hasOwn(req, '_body'), delivery: Object.hasOwn(req, 'webhook') })
    })
    expect((await deliver(app)).body).toEqual({ flag: false, delivery: true })
  })
})
