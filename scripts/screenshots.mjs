// Makes the pictures of the inspector in docs/images: plays deliveries into a receiver and photographs the page.
//
//   npm run setup && node scripts/screenshots.mjs [folder]
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

// As the inspector's tests have them: the built packages, express and a browser.
const load = createRequire(new URL('../packages/inspector/package.json', import.meta.url))
const express = load('express')
const { chromium } = load('playwright-core')
const { coldMailReseller, inboxKit, openMail, dispatch } = await import('../packages/core/dist/index.js')
const { webhooks } = await import('../packages/express/dist/index.js')
const { openInspector } = await import('../packages/inspector/dist/index.js')
const { signedDelivery } = await import('../packages/testing/dist/index.js')

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url))
const SECRETS = {
  openmail: 'whsec-of-openmail',
  'cold-mail-reseller': 'key-of-the-reseller',
  inboxkit: 'key-of-inboxkit-team',
}

const inspector = await openInspector({ port: 0 })
const server = await startReceiver()
await playDeliveries()
mkdirSync(folder, { recursive: true })
for (const colorScheme of ['light', 'dark']) await takePictures(colorScheme)
server.close()
server.closeAllConnections()
await inspector.close()

async function startReceiver() {
  const receive = webhooks({
    providers: [
      openMail({ secrets: [SECRETS.openmail] }),
      coldMailReseller({ secrets: [SECRETS['cold-mail-reseller']] }),
      inboxKit({ secrets: [SECRETS.inboxkit] }),
    ],
    journal: inspector.journal,
  })
  const app = express().set('env', 'test')
  app.post('/webhooks', receive, async (request, response) => {
    await dispatch(receive.delivery(request), {
      'mailbox.order.failed': () => {
        throw new Error('The CRM did not answer in time')
      },
      otherwise: () => undefined,
    })
    response.json({ received: true })
  })
  const started = createServer(app)
  await new Promise((done) => started.listen(0, '127.0.0.1', done))
  return started
}

async function playDeliveries() {
  const people = ['ada', 'grace', 'linus', 'margaret', 'ken', 'barbara', 'dennis']
  for (const [index, name] of people.entries()) {
    await play('openmail', 'message.received', {
      event_id: `evt_${index}`,
      inbox_address: `${name}@brightpine.example`,
      message: { from: `${name}@lakeside.example` },
    })
    await play('cold-mail-reseller', 'mailbox.created', {
      eventId: `event-${index}`,
      data: { mailboxDetails: { email: `${name}@brightpine.example` } },
    })
    if (index % 2 === 0) await play('cold-mail-reseller', 'mailbox.order.failed', { eventId: `failed-${index}` })
    if (index % 3 === 1)
      await play('inboxkit', 'mailbox.status_changed', {
        timestamp: new Date().toISOString(),
        data: { mailbox: { email: `${name}@brightpine.example` } },
      })
    if (index === 2) await play('openmail', 'message.received', { event_id: 'evt_old' }, { at: Date.now() - 3_600_000 })
  }
  await play('openmail', 'inbox.suspended', { event_id: 'evt_suspended' })
  // A proxy that parses JSON and writes it again.
  const { headers, body } = sign('openmail', 'message.received', { event_id: 'evt_changed' })
  await post(headers, JSON.stringify(JSON.parse(body), null, 2))
  await play('cold-mail-reseller', 'mailbox.updated', { eventId: 'event-last' })
}

function sign(provider, event, payload, options = {}) {
  return signedDelivery(provider, event, { secret: SECRETS[provider], payload, ...options })
}

async function play(provider, event, payload, options) {
  const { headers, body } = sign(provider, event, payload, options)
  await post(headers, body)
}

async function post(headers, body) {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/webhooks`, { method: 'POST', headers, body })
  await response.arrayBuffer()
}

async function takePictures(colorScheme) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 720 } })
  await page.goto(inspector.url)
  await page.locator('[role=row][data-key]').first().waitFor()
  await page.locator('.connection.is-live').waitFor()
  await page.screenshot({ path: `${folder}/inspector-list-${colorScheme}.png` })
  await page.locator('[data-state=refused]').first().click()
  await page.locator('.why').waitFor()
  await page.locator('.detail .body').waitFor()
  await page.screenshot({ path: `${folder}/inspector-refusal-${colorScheme}.png` })
  await browser.close()
}
