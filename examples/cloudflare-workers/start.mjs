// Serves the worker on this machine, on Cloudflare's runtime.
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'

const { PORT = '3000', CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET } = process.env

const { outputFiles } = await build({
  entryPoints: ['worker.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  conditions: ['workerd', 'worker'],
  mainFields: ['module', 'main'],
  external: ['cloudflare:*'],
  tsconfigRaw: {},
})

const worker = new Miniflare({
  host: 'localhost',
  port: Number(PORT),
  modules: true,
  script: outputFiles[0].text,
  compatibilityDate: '2026-04-01',
  compatibilityFlags: ['nodejs_compat'],
  bindings: { CMR_API_KEY, INBOXKIT_API_KEY, OPENMAIL_WEBHOOK_SECRET },
  durableObjects: { WEBHOOK_STORE: { className: 'WebhookStore', useSQLite: true } },
})
await worker.ready
console.log(`Listening on http://localhost:${PORT}/webhooks`)
