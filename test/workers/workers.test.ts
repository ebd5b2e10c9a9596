import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { signedDelivery } from '@mailbox-hooks/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { hasRedisServer, PrivateRedis } from '../servers/private-redis.js'
import { UpstashRest } from '../servers/upstash-rest.js'
import { startWorkers, type WorkerSource } from '../servers/workerd.js'

const SECRET = 'openmail-webhook-secret'
const LEASE_MS = 1_000

/**
 * A worker whose module creates the whole receiver. A delivery's subject says how long its handler takes. A GET returns the
 * number of runs.
 */
const workerWith = ({ imports = '', options = '' }) => `
  import { env, waitUntil } from 'cloudflare:workers'
  import { inboxKit, openMail } from '@mailbox-hooks/core'
  import { durableObjectStore } from '@mailbox-hooks/core/durable-object'
  import { webhooks } from '@mailbox-hooks/fetch'
  ${imports}
  export { WebhookStore } from '@mailbox-hooks/core/durable-object'

  let runs = 0
  const route = webhooks({
    providers: [openMail({ secrets: ['${SECRET}'] }), inboxKit({ secrets: ['inboxkit-team-key'] })],
    leaseMs: ${LEASE_MS},
    waitUntil,
    ${options}
  })(async ({ event }) => {
    runs++
    await new Promise((resolve) => setTimeout(resolve, Number(event.payload.message.subject)))
  })
  export default { fetch: (request) => (request.method === 'GET' ? Response.json(runs) : route(request)) }`

const IN_OBJECT = 'store: durableObjectStore(env.WEBHOOK_STORE),'

/** Starts workers by their names. They share the Durable Object of the first. */
async function start(workers: Readonly<Record<string, string>>, bindings = {}, objectsIn?: string) {
  const [first] = Object.keys(workers)
  const sources = Object.entries(workers).map(([name, module]): WorkerSource => {
    const object = { className: 'WebhookStore', useSQLite: true, ...(name !== first && { scriptName: first! }) }
    return { name, module, bindings, durableObjects: { WEBHOOK_STORE: object }, routes: [`${name}/*`] }
  })
  const miniflare = await startWorkers(sources, objectsIn)
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= miniflare.dispose()
    return stopped
  }
  onTestFinished(stop)
  return {
    stop,
    async send(worker: string, id: string, handlerMs = 0) {
      const payload = { event_id: id, message: { subject: String(handlerMs) } }
      const { headers, body } = signedDelivery('openmail', 'message.received', { secret: SECRET, payload })
      const response = await miniflare.dispatchFetch(`http://${worker}/`, { method: 'POST', headers, body })
      return [response.status, await response.json()]
    },
    runs: async (worker: string) => (await miniflare.dispatchFetch(`http://${worker}/`)).json(),
  }
}

const HANDLED = [200, { received: true }]
const DUPLICATE = [200, { received: true, duplicate: true }]
const IN_FLIGHT = [503, { received: false, error: 'in_flight' }]

it.each([
  ['memoryStore', ''],
  ['durableObjectStore', IN_OBJECT],
])('a module creates a receiver with several providers: %s', async (_store, options) => {
  const { send, runs } = await start({ worker: workerWith({ options }) })
  expect(await send('worker', 'evt_1')).toEqual(HANDLED)
  expect(await send('worker', 'evt_1')).toEqual(DUPLICATE)
  expect(await runs('worker')).toBe(1)
})

it.each([
  ['in the isolate that handles it', 'worker', ''],
  ['in another isolate', 'other', IN_OBJECT],
])('a handler of four leases runs once, with duplicates %s', async (_where, duplicatesTo, options) => {
  const module = workerWith({ options })
  const { send, runs } = await start({ worker: module, other: module })
  // Its first renewal would come after its end, and before that of the long one.
  const short = send('worker', 'short', 0.3 * LEASE_MS)
  await pause(LEASE_MS / 20)
  let hasEnded = false
  const long = send('worker', 'long', 4 * LEASE_MS).finally(() => {
    hasEnded = true
  })
  const answers: unknown[] = []
  for (await pause(LEASE_MS / 4); !hasEnded; await pause(LEASE_MS / 4)) answers.push(await send(duplicatesTo, 'long'))
  expect(await Promise.all([short, long])).toEqual([HANDLED, HANDLED])
  expect(await send(duplicatesTo, 'long')).toEqual(DUPLICATE)
  expect(answers.length).toBeGreaterThan(4)
  // The last one may come after the mark, and before the answer.
  expect(answers.slice(0, -1)).toEqual(answers.slice(1).map(() => IN_FLIGHT))
  expect(((await runs('worker')) as number) + ((await runs('other')) as number)).toBe(2)
})

it('a mark that failed is retried after the answer', async () => {
  const imports = `
    const store = durableObjectStore(env.WEBHOOK_STORE)
    const complete = store.complete.bind(store)
    let failures = 2
    store.complete = (...args) => (failures-- > 0 ? Promise.reject(new Error('planted')) : complete(...args))`
  const { send, runs } = await start({ worker: workerWith({ imports, options: 'store,' }) })
  expect(await send('worker', 'evt_1')).toEqual(HANDLED)
  await vi.waitFor(async () => expect(await send('worker', 'evt_1')).toEqual(DUPLICATE), 0.9 * LEASE_MS)
  expect(await runs('worker')).toBe(1)
})

it('a worker that starts later knows what was handled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mailbox-hooks-objects-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const module = workerWith({ options: IN_OBJECT })
  const first = await start({ worker: module }, {}, folder)
  expect(await first.send('worker', 'evt_1')).toEqual(HANDLED)
  await first.stop()
  const later = await start({ worker: module }, {}, folder)
  expect(await later.send('worker', 'evt_1')).toEqual(DUPLICATE)
  await later.stop()
})

it.skipIf(!hasRedisServer())('isolates share the events of a Redis that is reached over HTTP', async () => {
  const redis = await (await PrivateRedis.create()).start()
  onTestFinished(() => redis.stop())
  const rest = await UpstashRest.before(redis.url)
  onTestFinished(() => rest.stop())
  const imports = `
    import { redisStore } from '@mailbox-hooks/core/redis'
    import { Redis } from '@upstash/redis/cloudflare'`
  const module = workerWith({ imports, options: 'store: redisStore(new Redis({ url: env.URL, token: env.TOKEN })),' })
  const { send, runs } = await start({ worker: module, other: module }, { URL: rest.url, TOKEN: rest.token })
  const long = send('worker', 'evt_1', 2 * LEASE_MS)
  await pause(1.5 * LEASE_MS)
  expect(await send('other', 'evt_1')).toEqual(IN_FLIGHT)
  expect(await long).toEqual(HANDLED)
  expect(await send('other', 'evt_1')).toEqual(DUPLICATE)
  expect([await runs('worker'), await runs('other')]).toEqual([1, 0])
})
