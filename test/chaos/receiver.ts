import { setTimeout as pause } from 'node:timers/promises'
import { openMail } from '@mailbox-hooks/core'
import { createJournal, type JournalStore } from '@mailbox-hooks/core/journal'
import { webhooks } from '@mailbox-hooks/express'
import express from 'express'
import { SECRETS } from '../../packages/testing/src/adapter-suite/deliveries.js'
import { serve } from '../../packages/testing/src/adapter-suite/serve.js'
import { openBackend } from './backends/open-backend.js'
import { Danger } from './kill-points.js'
import { Ledger } from './ledger.js'
import { nextFormat } from './next-format.js'
import { between, seeded } from './random.js'
import type { ReceiverSettings } from './receiver-settings.js'
import { NEW_KEY, OLD_KEY } from './sealing-keys.js'
import { watchedRows } from './watched-rows.js'
import { watchedStore } from './watched-store.js'

const settings: ReceiverSettings = JSON.parse(process.argv[2] ?? '')
const { leaseMs, storeTimeoutMs, handlerMs, isWithin, mode } = settings
const random = seeded(settings.seed)
const ledger = new Ledger(settings.ledger)
const danger = new Danger(ledger, settings.death)
const { store, rows, orders } = await openBackend(settings.backend, ledger)

/** The first is the new one, which a process before the deployment does not know. */
const sealingKeys = settings.deployed === 'after' ? [NEW_KEY, OLD_KEY] : [OLD_KEY]

function openJournal(opened: JournalStore) {
  const known = settings.deployed === 'after' ? nextFormat(opened) : opened
  return createJournal(watchedRows(known, ledger, danger), { sealingKeys }, { owner: 'chaos' })
}

const journal = mode === 'store' || rows === undefined ? undefined : openJournal(rows())

const receive = webhooks({
  providers: [openMail({ secrets: [SECRETS.openMail] })],
  ...(journal === undefined ? { store: watchedStore(store, ledger, danger) } : { journal }),
  ...(journal !== undefined && settings.hasFront && { store }),
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

/** Some runs fail, of each kind. */
async function run(delivery: Delivery): Promise<void> {
  ledger.note({ what: 'run', id: delivery.id })
  try {
    if (random() < (settings.failing ?? 0)) throw new Error('The handler has failed')
    await (isWithin ? handleWithin : handle)(delivery)
  } catch (error) {
    ledger.note({ what: 'failed', id: delivery.id })
    throw error
  }
}

if (mode === 'work' || settings.replays) {
  journal?.work(run, { concurrency: 10, attempts: 1_000, onError: () => {} })
}
if (settings.replays) void replayAgainAndAgain()

async function replayAgainAndAgain(): Promise<void> {
  for (;;) {
    await pause(between(random, 50, 250))
    await journal?.replay({ state: 'failed' }, run).catch(() => undefined)
  }
}

const app = express().post('/webhooks', receive, async (req, res) => {
  try {
    await run(receive.delivery(req))
    res.json({ handled: true })
  } catch {
    res.status(500).json({ handled: false })
  }
})

process.once('disconnect', () => process.exit())
const { url } = await serve(app)
process.send?.(url)
