import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { DoResult } from '../api.js'
import { withoutHopByHop } from './hop-by-hop.js'
import type { Target } from './target.js'

/** A request to be played. */
export interface Played {
  readonly label: string
  readonly method?: string | undefined
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
  readonly query?: string | undefined
}

/** Made anew for each request. */
const REPLACED = ['host', 'content-length']

const TIMEOUT_MS = 30_000
const KEPT_BYTES = 20_000

/** Sends a request to the pinned address. Follows no redirect. Never rejects: no answer has the status 0. */
export async function post({ url, address }: Target, played: Played): Promise<DoResult['results'][number]> {
  const startedAt = performance.now()
  const ended = (status: number, body: string) => ({
    label: played.label,
    status,
    body,
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
  })
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const query = played.query ?? ''
    const search = [url.search.slice(1), query].filter((part) => part !== '').join('&')
    const request = send({
      host: address,
      // By its name, so that a certificate can be checked.
      servername: url.hostname,
      port: url.port || undefined,
      path: url.pathname + (search === '' ? '' : `?${search}`),
      method: played.method ?? 'POST',
      headers: [
        ...withoutHopByHop(played.rawHeaders, REPLACED),
        'host',
        url.host,
        'content-length',
        String(played.body.length),
      ],
      agent: false,
    })
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (text.length < KEPT_BYTES) text += chunk
      })
      response.on('end', () => resolve(ended(response.statusCode ?? 0, text.slice(0, KEPT_BYTES))))
      response.on('error', (error) => resolve(ended(response.statusCode ?? 0, error.message)))
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve(ended(0, reasonOf(error, url))))
    request.on('close', () => clearTimeout(timer))
    request.end(played.body)
  })
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException, url: URL) =>
  code === 'ECONNREFUSED' ? `Nothing listens on ${url.host}.` : message
