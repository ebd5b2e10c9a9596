import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { ArrivalAnswer, JournalArrival } from '@mailbox-hooks/core'
import { hasHeader, withoutHopByHop } from '../play/hop-by-hop.js'
import type { Target } from '../play/target.js'

/** A request to be passed on. */
export type Forwarded = Pick<JournalArrival, 'method' | 'rawHeaders'> & {
  readonly url: string
  readonly body: Uint8Array
}

export interface ForwardedAnswer extends ArrivalAnswer {
  readonly statusMessage: string
}

/**
 * Passes a request on: its exact bytes, and its headers as they were written, `Host` too. Only those of the connection stay
 * behind. Rejects if there is no answer.
 */
export function forward({ url, address }: Target, request: Forwarded, signal: AbortSignal): Promise<ForwardedAnswer> {
  const { method, rawHeaders, body } = request
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const headers = withoutHopByHop(rawHeaders)
  // The body was chunked, or there is none: without a length it would be chunked now.
  if (!hasHeader(headers, 'content-length') && hasBody(request)) headers.push('content-length', String(body.length))
  return new Promise((resolve, reject) => {
    const passed = send({
      host: address,
      servername: url.hostname,
      port: url.port || undefined,
      path: pathOf(url, request.url),
      method,
      headers,
      setHost: false,
      agent: false,
      signal,
    })
    passed.on('error', reject)
    passed.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 502,
          statusMessage: response.statusMessage ?? '',
          rawHeaders: withoutHopByHop(response.rawHeaders),
          body: Buffer.concat(chunks),
        }),
      )
    })
    passed.end(body)
  })
}

const hasBody = ({ method, body }: Forwarded) =>
  body.length > 0 || !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method)

/** A target with a path gets everything; one without gets each request where it was sent. */
function pathOf(target: URL, asked: string): string {
  const [path = '/', query] = asked.split(/\?(.*)/s)
  const search = [target.search.slice(1), query].filter((part) => part !== undefined && part !== '').join('&')
  return (target.pathname === '/' ? path : target.pathname) + (search === '' ? '' : `?${search}`)
}
