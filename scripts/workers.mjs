// Runs the fetch adapter on Cloudflare's runtime: what a module may create, and whether a lease is kept. Gets the runtime
// from npm into a folder that is deleted afterwards, and prints one line for each check. Needs built packages.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const TOOLS = ['miniflare@4.20260426.0', 'esbuild@0.28.2']
const ADAPTER = fileURLToPath(new URL('../packages/fetch', import.meta.url))
const { signedDelivery } = await import(new URL('../packages/testing/dist/index.js', import.meta.url))
const SECRET = 'whsec_0123456789abcdef0123456789abcdef'
const LEASE_MS = 1_000

const folder = mkdtempSync(join(tmpdir(), 'mailbox-hooks-workers-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const install = ['install', '--no-audit', '--no-fund', '--prefix', folder, ...TOOLS]
assert.equal(spawnSync('npm', install, { stdio: ['ignore', 'ignore', 'inherit'] }).status, 0, 'npm install failed')
const load = createRequire(join(folder, 'package.json'))
const { Miniflare } = load('miniflare')
const { build } = load('esbuild')

const OPEN_MAIL = `openMail({ secrets: ['${SECRET}'] })`
const INBOX_KIT = "inboxKit({ secrets: ['a-key-of-more-than-sixteen-bytes'] })"

/** A worker whose handler takes as long as the subject says. A GET returns the number of runs. */
const workerOf = (providers, isCreatedByModule) => `
  import { inboxKit, logOutcomes, openMail } from '@mailbox-hooks/core'
  import { webhooks } from '@mailbox-hooks/fetch'

  let runs = 0
  const createRoute = () => webhooks({ providers: [${providers}], leaseMs: ${LEASE_MS} })(async ({ event }) => {
    runs++
    await new Promise((resolve) => setTimeout(resolve, Number(event.payload.message.subject)))
  })
  let route = ${isCreatedByModule ? 'createRoute()' : 'undefined'}
  export default {
    fetch: (request) => request.method === 'GET' ? Response.json(runs) : (route ??= createRoute())(request),
  }`

async function start(providers, isCreatedByModule) {
  const { outputFiles } = await build({
    stdin: { contents: workerOf(providers, isCreatedByModule), resolveDir: ADAPTER },
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['workerd', 'worker'],
    mainFields: ['module', 'main'],
    tsconfigRaw: '{}',
    write: false,
  })
  const worker = new Miniflare({
    modules: true,
    script: outputFiles[0].text,
    compatibilityDate: '2026-04-01',
    compatibilityFlags: ['nodejs_compat'],
    handleRuntimeStdio: () => undefined,
  })
  await worker.ready
  return worker
}

async function send(worker, id, handlerMs) {
  const payload = { event_id: id, message: { subject: String(handlerMs) } }
  const { headers, body } = signedDelivery('openmail', 'message.received', { secret: SECRET, payload })
  const response = await worker.dispatchFetch('http://worker/', { method: 'POST', headers, body })
  return { status: response.status, ...(await response.json()) }
}

async function check(title, providers, isCreatedByModule, test) {
  const worker = await start(providers, isCreatedByModule)
  try {
    await test(worker)
    console.log(`passed: ${title}`)
  } finally {
    await worker.dispose()
  }
}

await check('a module creates one provider and the receiver', OPEN_MAIL, true, async (worker) => {
  assert.deepEqual(await send(worker, 'one', 0), { status: 200, received: true })
  assert.deepEqual(await send(worker, 'one', 0), { status: 200, received: true, duplicate: true })
})

await check('the first request creates several providers', `${OPEN_MAIL}, ${INBOX_KIT}`, false, async (worker) => {
  assert.deepEqual(await send(worker, 'one', 0), { status: 200, received: true })
})

await check(
  'a handler of four leases runs once, beside duplicates and short requests',
  OPEN_MAIL,
  true,
  async (worker) => {
    // Its first renewal would come after its end, and before that of the long one.
    const short = send(worker, 'short', LEASE_MS * 0.3)
    await pause(LEASE_MS / 20)
    let hasEnded = false
    const long = send(worker, 'long', 4 * LEASE_MS).finally(() => {
      hasEnded = true
    })
    for (await pause(LEASE_MS / 2); !hasEnded; await pause(LEASE_MS / 2)) {
      const { status, error, duplicate } = await send(worker, 'long', 0)
      assert.ok((status === 503 && error === 'in_flight') || duplicate, `a duplicate was answered ${status}`)
    }
    assert.equal((await short).status, 200)
    assert.equal((await long).status, 200)
    assert.equal(await (await worker.dispatchFetch('http://worker/')).json(), 2)
  },
)
