import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import journal from './journal.mjs'

const { OPENMAIL_WEBHOOK_SECRET, PORT = '3000' } = process.env

// Answers as soon as the event is in the file.
const receive = webhooks({
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  journal,
  handOff: journal.handOff,
})

// Handles what is in the file, in its own time. What fails is tried again, with longer and longer pauses.
const worker = journal.work({
  'message.received': async ({ event }) => {
    console.log('mail from', event.payload.message.from)
  },
})

// Nothing else deletes old entries.
const purge = setInterval(
  () => journal.purge().catch((error: Error) => console.error('purge:', error.message)),
  3600_000,
)

const app = express()
app.post('/webhooks', receive)
const server = app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))

process.on('SIGTERM', async () => {
  clearInterval(purge)
  server.close()
  await worker.stop()
  process.exit()
})
