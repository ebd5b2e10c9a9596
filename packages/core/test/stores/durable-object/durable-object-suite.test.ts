import type { DedupStore } from '@mailbox-hooks/core'
import { storeSuite } from '@mailbox-hooks/testing/suites'
import type { Miniflare } from 'miniflare'
import { startWorkers } from '../../../../../test/servers/workerd.js'

/** Calls its store as a request says. */
const CALLER = `
  import { durableObjectStore } from '@mailbox-hooks/core/durable-object'
  import { env } from 'cloudflare:workers'

  const store = durableObjectStore(env.STORE, { objects: env.OBJECTS })
  export default {
    async fetch(request) {
      const [method, args] = await request.json()
      // JSON has no undefined.
      return Response.json({ result: await store[method](...args.map((arg) => arg ?? undefined)) })
    },
  }`

/** The object, with a clock that can be put forward, and an end of all that it holds. */
const HOLDER = `
  import { WebhookStore } from '@mailbox-hooks/core/durable-object'

  export class Store extends WebhookStore {
    #sql
    constructor(state, env) {
      super(state, env)
      this.#sql = state.storage.sql
    }
    fetch(request) {
      const ms = new URL(request.url).searchParams.get('pass')
      if (ms === null) return super.fetch(request)
      for (const table of ['events', 'entities']) {
        if (ms === 'all') this.#sql.exec('DELETE FROM ' + table)
        else this.#sql.exec('UPDATE ' + table + ' SET forget_at = forget_at - ' + ms)
      }
      if (ms !== 'all') this.#sql.exec('UPDATE events SET ends_at = ends_at - ' + ms)
      return new Response()
    }
  }
  export default {
    async fetch(request, env) {
      for (let at = 0; at < env.OBJECTS; at++) await env.STORE.get(env.STORE.idFromName('webhooks-' + at)).fetch(request.url)
      return new Response()
    },
  }`

/** Each is an isolate of its own. */
const CALLERS = ['caller-0', 'caller-1', 'caller-2']

storeSuite({
  name: 'durableObjectStore',
  open: async () => {
    const bindings = { OBJECTS: 2 }
    const object = { className: 'Store', useSQLite: true }
    const miniflare = await startWorkers([
      { name: 'holder', module: HOLDER, bindings, durableObjects: { STORE: object }, routes: ['holder/*'] },
      ...CALLERS.map((caller) => ({
        name: caller,
        module: CALLER,
        bindings,
        durableObjects: { STORE: { ...object, scriptName: 'holder' } },
        routes: [`${caller}/*`],
      })),
    ])
    let opened = 0
    const another = async () => storeOf(miniflare, CALLERS[opened++ % CALLERS.length]!)
    const ask = async (pass: number | 'all') => void (await miniflare.dispatchFetch(`http://holder/?pass=${pass}`))
    return {
      store: await another(),
      another,
      pass: ask,
      clear: () => ask('all'),
      close: () => miniflare.dispose(),
    }
  },
})

/** A store whose calls run in a worker. */
function storeOf(miniflare: Miniflare, caller: string): DedupStore {
  const ask =
    (method: keyof DedupStore) =>
    async (...args: unknown[]) => {
      const body = JSON.stringify([method, args])
      const response = await miniflare.dispatchFetch(`http://${caller}/`, { method: 'POST', body })
      // The worker answers as its store does.
      return ((await response.json()) as { result: never }).result
    }
  return {
    claim: ask('claim'),
    complete: ask('complete'),
    release: ask('release'),
    extend: ask('extend'),
    position: ask('position'),
  }
}
