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
    app.post('/webhooks', receive, (_req, _res, next) => next(new RangeError('planted failure')))
    const seen: unknown[] = []
    app.use(((error, _req, res, _next) => {
      seen.push(error)
      res.status(500).end()
    }) as import('express').ErrorRequestHandler)
    for (const id of ['evt_1', 'evt_2']) {
      const { headers, body } = delivery(id)
      await supertest(app).post('/webhooks').set(headers).send(body).expect(500)
    }
    const error = { name: 'RangeError', message: 'planted failure' }
    expect((await journal.find()).entries).toMatchObject([{ attempts: [{ error }] }, { attempts: [{ error }] }])
    // Passed on once each: the layer was added once.
    expect(seen).toHaveLength(2)
  })
})
