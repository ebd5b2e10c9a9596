import { setTimeout as pause } from 'node:timers/promises'
import { openMail } from '@mailbox-hooks/core'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { SECRETS } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'
import type { Backend } from './backends/backend.js'
import { openBackend } from './backends/open-backend.js'
import { Danger, type Death } from './kill-points.js'
import { Ledger } from './ledger.js'
import { between, seeded } from './random.js'
import { watchedStore } from './watched-store.js'

/** A service that receives webhooks, as a process that may be killed. It ends when its parent has gone. */
export interface ReceiverSettings {
  readonly backend: Backend
  /** The path of the ledger. */
  readonly ledger: string
  /** Whether the handler puts the mark into its own transaction. */
  readonly isWithin: boolean
  readonly leaseMs: number
  readonly storeTimeoutMs: number
  /** How long a handler takes, from and to. */
  readonly handlerMs: readonly [number, number]
  readonly seed: number
  readonly death?: Death | undefined
}

const settings: ReceiverSettings = JSON.parse(process.argv[2] ?? '')
const { leaseMs, storeTimeoutMs, handlerMs, isWithin } = settings
const random = seeded(settings.seed)
const ledger = new Ledger(settings.ledger)
const danger = new Danger(ledger, settings.death)
const { store, orders } = await openBackend(settings.backend, ledger)

const receive = webhooks({
  providers: [openMail({ secrets: [SECRETS.openMail] })],
  store: watchedStore(store, ledger, danger),
  leaseMs,
  storeTimeoutMs,
  onOutcome: ({ code, id }) => {
    if (code === 'store_unavailable' && id !== undefined) ledger.note({ what: 'unavailable', id })
  },
})
type Delivery = ReturnType<typeof receive.delivery>

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
