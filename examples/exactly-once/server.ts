import { openMail } from '@mailbox-hooks/core'
import { postgresStore } from '@mailbox-hooks/core/sql'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import pg from 'pg'
import { crashPoint } from './crash-point.js'
import { inTransaction } from './in-transaction.js'

const {
  OPENMAIL_WEBHOOK_SECRET,
  POSTGRES_URL = 'postgres://root@127.0.0.1:5432/test',
  LEASE_MS = '15000',
  PORT = '3000',
} = process.env

function openPool(max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: POSTGRES_URL, max })
  const say = (error: Error) => console.error('postgres:', error.message)
  // The pool listens only to idle connections. Without this listener, one that breaks in a handler ends the process.
  return pool.on('error', say).on('connect', (client) => void client.on('error', say))
}

// Two pools on one database: transactions that hold all connections of a shared pool would delay the claims.
const orders = openPool(10)
const store = postgresStore(openPool(4))
await store.migrate()
// No column is unique: only the mark keeps an order from being written twice. The lock is for processes
// that start at once: IF NOT EXISTS alone fails some of them.
await orders.query(`
  SELECT pg_advisory_xact_lock(hashtext('orders'));
  CREATE TABLE IF NOT EXISTS orders (event_id text NOT NULL, customer text NOT NULL)
`)

const receive = webhooks({
  providers: [openMail({ secrets: [OPENMAIL_WEBHOOK_SECRET] })],
  store,
  leaseMs: Number(LEASE_MS),
})

const app = express()

app.post('/webhooks', receive, async (req, res) => {
  const delivery = receive.delivery(req)
  const { event } = delivery
  if (event.type === 'message.received') {
    crashPoint('before BEGIN')
    await inTransaction(orders, async (client) => {
      const values = [event.id, event.payload.message.from]
      await client.query('INSERT INTO orders (event_id, customer) VALUES ($1, $2)', values)
      crashPoint('after the insert')
      await delivery.complete({ within: client })
      crashPoint('after complete')
    })
    crashPoint('after COMMIT')
  }
  res.json({ received: true })
})

app.listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}/webhooks`))
