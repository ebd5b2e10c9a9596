import { memoryJournal, openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import { signedDelivery } from '@mailbox-hooks/testing'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { titled } from '../../testing/src/titled.js'
import { VERSIONS } from './versions.js'

const delivery = (id: string) =>
  signedDelivery('openmail', 'message.received', { secret: 'key', payload: { event_id: id } })

describe.each(titled(VERSIONS, 'name'))('%s, a handler of a route that fails', ({ express }) => {
  it('has its error in the journal, and the application has it, too', async () => {
    const journal = memoryJournal()
    const receive = webhooks({ providers: [openMail({ secrets: ['key'] })], journal })
    const app = express()
    app.set('env', 'test')
    const layers: number[] = []
    app.post('/webhooks', receive, (req, _res, next) => {
      layers.push(req.route.stack.length)
      next(new RangeError('planted failure'))
    })
    const seen: unknown[] = []
    app.use(((error, _req, res, _next) => {
      seen.push(error)
      res.status(500).end()
    }) as import('express').ErrorRequestHandler)
    for (const id of ['evt_1', 'evt_2', 'evt_3']) {
      const { headers, body } = delivery(id)
      await supertest(app).post('/webhooks').set(headers).send(body).expect(500)
    }
    const error = { name: 'RangeError', message: 'planted failure' }
    expect((await journal.find()).entries).toMatchObject(Array(3).fill({ attempts: [{ error }] }))
    // Passed on once each. One more layer for each delivery would be a leak.
    expect(seen).toHaveLength(3)
    expect(new Set(layers).size).toBe(1)
  })
})
