import { createRequire } from 'node:module'
import { announce, PORT } from './port.js'

/** The used part of miniflare, which is installed only for a run of the matrix. */
interface Miniflare {
  readonly Miniflare: new (options: object) => { readonly ready: Promise<URL> }
}

const { Miniflare }: Miniflare = createRequire(import.meta.url)('miniflare')

// Cloudflare's runtime, as `wrangler dev` starts it.
await new Miniflare({
  port: PORT,
  host: '127.0.0.1',
  modules: true,
  scriptPath: process.env.WORKER,
  compatibilityDate: '2026-04-01',
  compatibilityFlags: ['nodejs_compat'],
}).ready
announce()
