// Receives one signed delivery, and prints what happened. Is valid TypeScript, too: a copy named `.ts` is compiled.
import { createHmac } from 'node:crypto'
import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/fetch'

const SECRET = 'the-secret-of-a-consumer'

const receive = webhooks({ providers: [openMail({ secrets: [SECRET] })] })

const POST = receive(async ({ event }) => {
  console.log(event.type === 'message.received' ? `mail from ${event.payload.message.from}` : event.type)
})

const body = JSON.stringify({
  event: 'message.received',
  event_id: 'evt_1',
  inbox_id: 'inb_1',
  thread_id: 'thr_1',
  message: { id: 'msg_1', from: 'Ada <ada@example.com>', subject: 'Hello', attachments: [] },
})
const timestamp = String(Math.floor(Date.now() / 1000))
const signature = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex')
const headers = { 'x-timestamp': timestamp, 'x-signature': signature }

POST(new Request('http://localhost/webhooks', { method: 'POST', headers, body })).then(async (answer) => {
  console.log(`${answer.status} ${await answer.text()}`)
})
