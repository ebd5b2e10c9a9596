import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { DoResult } from '../api.js'
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

const TIMEOUT_MS = 30_000
const KEPT_BYTES = 20_000

/** Belong to one connection, or are made anew for it. */
const NOT_PASSED_ON = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'expect',
])

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
      headers: [...passedOn(played.rawHeaders), 'host', url.host, 'content-length', String(played.body.length)],
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

function passedOn(rawHeaders: readonly string[]): string[] {
  const named = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && name.toLowerCase() === 'connection'
      ? (rawHeaders[at + 1] ?? '').toLowerCase().split(/\s*,\s*/)
      : [],
  )
  return rawHeaders.flatMap((name, at) => {
    const known = name.toLowerCase()
    if (at % 2 === 1 || NOT_PASSED_ON.has(known) || named.includes(known)) return []
    return [name, rawHeaders[at + 1] ?? '']
  })
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException, url: URL) =>
  code === 'ECONNREFUSED' ? `Nothing listens on ${url.host}.` : message
