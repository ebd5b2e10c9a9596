import { setTimeout as pause } from 'node:timers/promises'
import { openMail } from '@mailbox-hooks/core'
import { createJournal } from '@mailbox-hooks/core/journal'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { SECRETS } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'
import { openBackend } from './backends/open-backend.js'
import { Danger } from './kill-points.js'
import { Ledger } from './ledger.js'
import { between, seeded } from './random.js'
import type { ReceiverSettings } from './receiver-settings.js'
import { watchedRows } from './watched-rows.js'
import { watchedStore } from './watched-store.js'

const settings: ReceiverSettings = JSON.parse(process.argv[2] ?? '')
const { leaseMs, storeTimeoutMs, handlerMs, isWithin, mode } = settings
const random = seeded(settings.seed)
const ledger = new Ledger(settings.ledger)
const danger = new Danger(ledger, settings.death)
const { store, rows, orders } = await openBackend(settings.backend, ledger)

/** The same in all processes. */
const sealingKeys = [Buffer.alloc(32, 'chaos')]
const journal =
  mode === 'store' || rows === undefined
    ? undefined
    : createJournal(watchedRows(rows(), ledger, danger), { sealingKeys }, { owner: 'chaos' })

const receive = webhooks({
  providers: [openMail({ secrets: [SECRETS.openMail] })],
  ...(journal === undefined ? { store: watchedStore(store, ledger, danger) } : { journal }),
  ...(mode === 'work' && { handOff: journal?.handOff }),
  leaseMs,
  storeTimeoutMs,
  journalTimeoutMs: storeTimeoutMs,
  onOutcome: ({ code, id }) => {
    if ((code === 'store_unavailable' || code === 'journal_unavailable') && id !== undefined)
      ledger.note({ what: 'unavailable', id })
  },
})
type Delivery = Pick<ReturnType<typeof receive.delivery>, 'id' | 'complete'>

/** The effect cannot be taken back, and the mark is made afterwards. */
async function handle({ id }: Delivery): Promise<void> {
  await pause(between(random, ...handlerMs))
  danger.pass('in the handler', id)
  await orders.add(id)
  danger.pass('in the handler', id)
}

/** The effect and the mark are one transaction. */
async function handleWithin(delivery: Delivery): Promise<void> {
  const { id } = delivery
  await orders.inTransaction(async (tx) => {
    await pause(between(random, ...handlerMs))
    await orders.add(id, tx)
    danger.pass('in the handler', id)
    await delivery.complete({ within: tx })
    danger.pass('between handler and mark', id)
  })
  ledger.note({ what: 'marked', id })
  danger.leave(id)
  danger.pass('between mark and answer', id)
}

if (mode === 'work') {
  journal?.work(
    async (delivery: Delivery) => {
      ledger.note({ what: 'run', id: delivery.id })
      await (isWithin ? handleWithin : handle)(delivery)
    },
    { concurrency: 10, attempts: 1_000, onError: () => {} },
  )
}

const app = express().post('/webhooks', receive, async (req, res) => {
  const delivery = receive.delivery(req)
  ledger.note({ what: 'run', id: delivery.id })
  try {
    await (isWithin ? handleWithin : handle)(delivery)
    res.json({ handled: true })
  } catch {
    ledger.note({ what: 'failed', id: delivery.id })
    res.status(500).json({ handled: false })
  }
})

process.once('disconnect', () => process.exit())
const { url } = await serve(app)
process.send?.(url)
