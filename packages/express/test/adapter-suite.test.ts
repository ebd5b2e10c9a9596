import { Readable } from 'node:stream'
import { webhooks } from '@mailbox-hooks/express'
import { adapterSuite, serve } from '@mailbox-hooks/testing/suites'
import { VERSIONS } from './versions.js'

for (const { name, express } of VERSIONS) {
  adapterSuite({
    name,
    start: (options, handle) => {
      const app = express()
      const receive = webhooks(options)
      app.use('/webhooks', receive, (req, res, next) => {
        handle(receive.delivery(req)).then(({ status, body, pieces }) => {
          res.status(status)
          if (pieces !== undefined) Readable.from(pieces).pipe(res)
          else if (body === undefined) res.end()
          else res.json(body)
        }, next)
      })
      // Keeps the default error handler from printing.
      app.set('env', 'test')
      return serve(app)
    },
    differences: { unknownErrors: { reason: 'app.use has no route whose errors could be seen' } },
  })
}
